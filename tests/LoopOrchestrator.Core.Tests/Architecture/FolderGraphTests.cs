using LoopOrchestrator.Core.Workspaces;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>Folders of Core use each other in one direction. Those that do not yet are named here, so that they only become fewer.</summary>
public sealed class FolderGraphTests
{
    private const string Root = "LoopOrchestrator.Core";
    private const string Canaries = "LoopOrchestrator.Core.Tests.Architecture.Canaries";

    // Each row is still a cycle. Whoever unties a folder takes its name out of here; none is added.
    private static readonly string[][] Tied =
    [
        ["Configuration", "Escalations", "Runs", "Scheduling", "Scheduling/Checks"],
    ];

    // Folders that still hold more files than one finds one's way in.
    private static readonly string[] Large = ["Runs"];

    private static FolderGraph Core { get; } = FolderGraph.Read(typeof(WorkspacePaths).Assembly.Location, Root);

    [Fact]
    public void Core_Cycles_AreTheKnownOnes() => Core.Cycles().Should().BeEquivalentTo(Tied);

    [Fact]
    public void Core_Namespaces_AreItsFolders() =>
        Core.Folders.Should().BeEquivalentTo(SourceFolders.Of(Root).Keys);

    [Fact]
    public void Core_Folders_HoldAtMost40Files() =>
        SourceFolders.Of(Root).Where(static folder => folder.Value > SourceFolders.MaxFiles).Select(static folder => folder.Key)
            .Should().BeEquivalentTo(Large);

    [Fact]
    public void Core_Folders_AreInTheDocumentOfWhereThingsAre()
    {
        var document = RepositoryFiles.Read("docs/architecture.md");

        Core.Folders.Where(folder => folder != "." && !document.Contains($" {folder.Split('/')[^1]}/", StringComparison.Ordinal)).Should().BeEmpty();
    }

    [Fact]
    public void Cycles_MadeUp_AreFoundWhole()
    {
        FolderGraph.Of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "f"), ("f", "e")).Cycles()
            .Should().BeEquivalentTo<string[]>([["a", "b", "c"], ["e", "f"]]);
        FolderGraph.Of(("a", "b"), ("b", "c"), ("a", "c")).Cycles().Should().BeEmpty();
    }

    [Fact]
    public void Describe_MadeUp_NamesUsesCyclesAndWhatTiesThem() =>
        FolderGraphText.Describe(FolderGraph.Of(("a", "b"), ("b", "a"), ("b", "long/c"))).Should().Be("""
            a       uses b
            b       uses a, long/c
            long/c  uses none

            3 folders, largest cycle: 2

            Cycle of 2: a, b
              a -> b (1)
                  a -> b
              b -> a (1)
                  b -> a

            """.ReplaceLineEndings("\n"));

    [Fact]
    public void TypesBetween_ALambda_AreTheOutermostTypes() =>
        FolderGraph.Read(typeof(FolderGraphTests).Assembly.Location, Canaries).TypesBetween("Lambdas", "Used").Should().Equal(("User", "Thing"));

    [Theory]
    [InlineData("Bases")]
    [InlineData("Fields")]
    [InlineData("Arguments")]
    [InlineData("Bodies")]
    [InlineData("Lambdas")]
    [InlineData("Generics")]
    [InlineData("Attributes")]
    [InlineData("Catches")]
    public void Read_UseOfAnyKind_IsAnEdge(string folder) =>
        FolderGraph.Read(typeof(FolderGraphTests).Assembly.Location, Canaries).UsesOf(folder).Should().Equal("Used");
}
