using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Mcp.Tests.Architecture;

/// <summary>
/// What the signatures of the executable's types may hold. None of its types is public, so what its folders call of each other is looked
/// at. That such a look finds what is wrong is shown beside the same tests of Core.
/// </summary>
public sealed class SignatureTests
{
    [Fact]
    public void Mcp_PublicSignatures_HoldNoTuple() =>
        TupleSignatures
            .Find(typeof(CommandLine).Assembly.GetTypes().Where(static type => !type.IsNestedPrivate))
            .Should()
            .Equal([], "a small record has a name");

    [Fact]
    public void Mcp_Constructors_TakeAtMostSeven() =>
        LongConstructors.Find(typeof(CommandLine).Assembly.GetTypes()).Should().Equal([], "such a class does several things");

    [Fact]
    public void Mcp_Names_AreWordsOfTheGlossary() =>
        DialectNames.Find(typeof(CommandLine).Assembly).Should().Equal([], "docs/glossary.md has the word");
}
