using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Architecture;

namespace LoopOrchestrator.Core.Tests.Architecture;

/// <summary>Folders of Core use each other in one direction.</summary>
public sealed class FolderGraphTests
{
    private const string Root = "LoopOrchestrator.Core";
    private const string Canaries = "LoopOrchestrator.Core.Tests.Architecture.Canaries";

    private const string Backend = "Storage/Sqlite";

    private static FolderGraph Core { get; } = FolderGraph.Read(typeof(WorkspacePaths).Assembly.Location, Root);

    [Fact]
    public void Core_Cycles_AreNone() => Core.Cycles().Should().BeEmpty("tools/folder-graph core says which type uses which");

    [Theory]
    [InlineData("Microsoft.Data.Sqlite")]
    [InlineData("SQLitePCL")]
    public void Core_Sqlite_IsKnownToItsBackendOnly(string library) =>
        Core.UsersOf(library).Should().NotBeEmpty().And.OnlyContain(static folder => IsBackend(folder));

    [Fact]
    public void Core_SqliteBackend_IsUsedWhereAWorkspaceIsPutTogetherOnly() =>
        Core.Folders.Where(static folder => !IsBackend(folder) && Core.UsesOf(folder).Any(IsBackend)).Should().Equal(".");

    [Theory]
    [InlineData("Configuration")]
    [InlineData("Recovery")]
    public void Core_Top_IsUsedWhereAWorkspaceIsPutTogetherOnly(string top) =>
        Core.Folders.Where(folder => Core.UsesOf(folder).Contains(top, StringComparer.Ordinal)).Should().Equal(".");

    [Fact]
    public void Core_Status_IsUsedByReportsBesideThat() =>
        Core.Folders.Where(static folder => Core.UsesOf(folder).Contains("Status", StringComparer.Ordinal)).Should().Equal(".", "Reports");

    [Fact]
    public void Core_Namespaces_AreItsFolders() => Core.Folders.Should().BeEquivalentTo(SourceFolders.Of(Root).Keys);

    [Fact]
    public void Core_Folders_HoldAtMost40Files() =>
        SourceFolders.Of(Root).Should().NotContain(static folder => folder.Value > SourceFolders.MaxFiles);

    [Fact]
    public void Core_Folders_AreInTheDocumentOfWhereThingsAre()
    {
        var document = RepositoryFiles.Read("docs/architecture.md");

        Core.Folders.Where(folder => folder != "." && !document.Contains($" {folder.Split('/')[^1]}/", StringComparison.Ordinal))
            .Should()
            .BeEmpty();
    }

    [Fact]
    public void Cycles_MadeUp_AreFoundWhole()
    {
        FolderGraph
            .Of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "f"), ("f", "e"))
            .Cycles()
            .Should()
            .BeEquivalentTo<string[]>([
                ["a", "b", "c"],
                ["e", "f"],
            ]);
        FolderGraph.Of(("a", "b"), ("b", "c"), ("a", "c")).Cycles().Should().BeEmpty();
    }

    [Fact]
    public void Describe_MadeUp_NamesUsesCyclesAndWhatTiesThem() =>
        FolderGraphText
            .Describe(FolderGraph.Of(("a", "b"), ("b", "a"), ("b", "long/c")))
            .Should()
            .Be(
                """
                a       uses b
                b       uses a, long/c
                long/c  uses none

                3 folders, largest cycle: 2

                Cycle of 2: a, b
                  a -> b (1)
                      a -> b
                  b -> a (1)
                      b -> a

                """.ReplaceLineEndings("\n")
            );

    [Fact]
    public void TypesBetween_ALambda_AreTheOutermostTypes() =>
        FolderGraph
            .Read(typeof(FolderGraphTests).Assembly.Location, Canaries)
            .TypesBetween("Lambdas", "Used")
            .Should()
            .Equal(("User", "Thing"));

    [Fact]
    public void UsersOf_AForeignNamespace_AreSeenInGenericsAndLambdasToo() =>
        FolderGraph
            .Read(typeof(FolderGraphTests).Assembly.Location, Canaries)
            .UsersOf("System.Numerics")
            .Should()
            .Equal("Foreign", "ForeignLambdas");

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

    private static bool IsBackend(string folder) => folder == Backend || folder.StartsWith(Backend + "/", StringComparison.Ordinal);
}
