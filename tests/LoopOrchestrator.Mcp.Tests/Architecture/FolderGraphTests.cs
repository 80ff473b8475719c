using LoopOrchestrator.Mcp.Cli;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Mcp.Tests.Architecture;

/// <summary>
/// Folders of the executable use each other in one direction. That the graph sees a use of any kind is shown beside the same tests of Core.
/// </summary>
public sealed class FolderGraphTests
{
    private const string Root = "LoopOrchestrator.Mcp";

    private static FolderGraph Mcp { get; } = FolderGraph.Read(typeof(CommandLine).Assembly.Location, Root);

    [Fact]
    public void Mcp_Cycles_AreNone() => Mcp.Cycles().Should().BeEmpty("tools/folder-graph mcp says which type uses which");

    // Program.cs, alone in the project's folder, has no namespace.
    [Fact]
    public void Mcp_Namespaces_AreItsFolders() => Mcp.Folders.Append(".").Should().BeEquivalentTo(SourceFolders.Of(Root).Keys);

    [Fact]
    public void Mcp_Folders_HoldAtMost40Files() =>
        SourceFolders.Of(Root).Should().NotContain(static folder => folder.Value > SourceFolders.MaxFiles);

    [Fact]
    public void Mcp_Folders_AreInTheDocumentOfWhereThingsAre()
    {
        var document = RepositoryFiles.Read("docs/architecture.md");
        var ours = document[document.IndexOf($"src/{Root} ", StringComparison.Ordinal)..];

        Mcp.Folders.Where(folder => !ours.Contains($" {folder.Split('/')[^1]}/", StringComparison.Ordinal)).Should().BeEmpty();
    }

    // That a declaration is seen is shown beside the same test of Core.
    [Fact]
    public void Mcp_NativeCalls_AreNone() =>
        NativeCalls.DeclaringTypes(typeof(CommandLine).Assembly.Location).Should().BeEmpty("all of them stand in Core's folder Native");
}
