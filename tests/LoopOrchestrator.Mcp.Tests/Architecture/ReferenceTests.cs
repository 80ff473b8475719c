using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Mcp.Tests.Architecture;

/// <summary>What the executable refers to. Which packages it may name at all is in the table of the same tests of Core.</summary>
public sealed class ReferenceTests
{
    [Fact]
    public void Mcp_Packages_AreUsed() => ProjectPackages.Unused("LoopOrchestrator.Mcp", typeof(CommandLine).Assembly).Should().BeEmpty();

    // What only Core and tests use is internal, so that it can be changed without looking further.
    [Fact]
    public void Core_PublicTypes_AreUsedByTheExecutable() =>
        PublicTypes
            .Unused(typeof(Workspace).Assembly.Location, typeof(CommandLine).Assembly.Location, Source())
            .Should()
            .BeEmpty("such types are internal");

    [Fact]
    public void Unused_TypesThatTheExecutableHasNoUseFor_AreFound()
    {
        var (library, self) = (typeof(TemporaryFolder).Assembly.Location, typeof(CommandLine).Assembly.Location);

        PublicTypes.Unused(library, self, "").Should().Contain(typeof(TemporaryFolder).FullName).And.Contain(typeof(FolderGraph).FullName);
        PublicTypes.Unused(library, self, "TemporaryFolder").Should().NotContain(typeof(TemporaryFolder).FullName);
    }

    private static string Source() =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(RepositoryFiles.Find("src/LoopOrchestrator.Mcp"), "*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText)
        );
}
