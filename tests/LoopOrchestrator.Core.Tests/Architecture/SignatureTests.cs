using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>What the signatures of Core's types may hold. The same is asked of the executable beside its own tests.</summary>
public sealed class SignatureTests
{
    [Fact]
    public void Core_PublicSignatures_HoldNoTuple() =>
        TupleSignatures.Find(typeof(WorkspacePaths).Assembly.GetExportedTypes()).Should().Equal([], "a small record has a name");

    [Theory]
    [InlineData(nameof(TupleCanaries.Returned))]
    [InlineData(nameof(TupleCanaries.Nullable))]
    [InlineData(nameof(TupleCanaries.Promised))]
    [InlineData(nameof(TupleCanaries.Listed))]
    [InlineData(nameof(TupleCanaries.Taken))]
    [InlineData(nameof(TupleCanaries.TakenByReference))]
    [InlineData("get_Property")]
    [InlineData("Inherited")]
    [InlineData("Field")]
    [InlineData(".ctor")]
    [InlineData("(base)")]
    public void Find_TupleAnywhere_IsFound(string member) =>
        TupleSignatures.Find([typeof(TupleCanaries)]).Should().Contain($"{typeof(TupleCanaries).FullName}.{member}");

    [Theory]
    [InlineData("Own")]
    [InlineData(nameof(TupleCanaries.None))]
    public void Find_TupleThatNobodyMeets_IsNot(string member) =>
        TupleSignatures.Find([typeof(TupleCanaries)]).Should().NotContain($"{typeof(TupleCanaries).FullName}.{member}");

    [Fact]
    public void Core_Constructors_TakeAtMostSeven() =>
        LongConstructors.Find(typeof(WorkspacePaths).Assembly.GetTypes()).Should().Equal([], "such a class does several things");

    [Fact]
    public void Find_LongConstructor_IsFoundWhereItIsNoRecords() =>
        LongConstructors
            .Find([typeof(EightCanary), typeof(SevenCanary), typeof(EightRecord), typeof(EightRecordStruct)])
            .Should()
            .Equal($"{typeof(EightCanary).FullName}: 8");

    [Fact]
    public void Core_Names_AreWordsOfTheGlossary() =>
        DialectNames.Find(typeof(WorkspacePaths).Assembly).Should().Equal([], "docs/glossary.md has the word");

    [Theory]
    [InlineData("LookAsync", true)]
    [InlineData("_lookAgain", true)]
    [InlineData("TrySettleAsync", true)]
    [InlineData("Tells", true)]
    [InlineData("MostRuns", true)]
    [InlineData("Longest", false)]
    [InlineData("Seek", false)]
    [InlineData("Layout", false)]
    [InlineData("Seen", false)]
    public void IsOne_MadeUpName_IsFound(string name, bool found) => DialectNames.IsOne(name).Should().Be(found);
}
