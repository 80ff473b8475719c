using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Documents;

public sealed class LinkTests
{
    [Fact]
    public void Links_Relative_LeadSomewhere()
    {
        var files = MarkdownFiles.All().ToList();

        files.Should().Contain(["README.md", "docs/README.md", "docs/decisions/README.md", "samples/rework/README.md"]);
        files.SelectMany(static file => Broken(file, RepositoryFiles.Read(file))).Should().BeEmpty();
    }

    [Fact]
    public void Index_OfDocuments_NamesEach()
    {
        var linked = MarkdownFiles
            .Links(RepositoryFiles.Read("docs/README.md"))
            .Select(static goal =>
                Path.GetRelativePath(RepositoryFiles.Root, Path.GetFullPath(Path.Combine(RepositoryFiles.Find("docs"), goal)))
                    .Replace('\\', '/')
            );
        var documents = MarkdownFiles
            .All()
            .Where(static file =>
                !file.Contains('/', StringComparison.Ordinal)
                || file.StartsWith("docs/", StringComparison.Ordinal)
                || file.StartsWith("samples/", StringComparison.Ordinal)
            )
            .Concat(
                Directory
                    .EnumerateFiles(RepositoryFiles.Find("docs/schemas"))
                    .Select(static file => $"docs/schemas/{Path.GetFileName(file)}")
            );

        // The plan and the memory are data of the workspace, and decisions have an index of their own.
        linked
            .Should()
            .BeEquivalentTo(
                documents
                    .Except(["TODO.md", "persistent-memory.md", "docs/README.md"], StringComparer.Ordinal)
                    .Where(static file => !file.StartsWith("docs/decisions/0", StringComparison.Ordinal))
            );
    }

    [Theory]
    [InlineData("[a](missing.md)", "docs/x.md: missing.md")]
    [InlineData("[a](errors.md#no-such-heading)", "docs/x.md: errors.md#no-such-heading")]
    [InlineData("[a](../missing/)", "docs/x.md: ../missing/")]
    [InlineData("[a](#nowhere)\n## Here", "docs/x.md: #nowhere")]
    public void Broken_MadeUpLink_IsFound(string text, string broken) => Broken("docs/x.md", text).Should().Equal(broken);

    [Theory]
    [InlineData("[a](errors.md#files-and-state) [b](schemas) [c](#here--there)\n## Here & there\n")]
    [InlineData("`[a](missing.md)` [b](https://example.org/x)\n```\n[c](missing.md)\n```\n")]
    public void Broken_LinkThatLeadsSomewhere_OrIsNoneIsNotFound(string text) => Broken("docs/x.md", text).Should().BeEmpty();

    private static IEnumerable<string> Broken(string file, string text) =>
        MarkdownFiles.Links(text).Where(goal => !Leads(file, text, goal)).Select(goal => $"{file}: {goal}");

    private static bool Leads(string file, string text, string goal)
    {
        var parts = goal.Split('#', 2);
        var path =
            parts[0].Length == 0
                ? RepositoryFiles.Find(file)
                : Path.GetFullPath(Path.Combine(RepositoryFiles.Root, Path.GetDirectoryName(file)!, parts[0]));
        return parts.Length == 1
            ? Path.Exists(path)
            : MarkdownFiles
                .Anchors(
                    parts[0].Length == 0 ? text
                    : File.Exists(path) ? File.ReadAllText(path)
                    : ""
                )
                .Contains(parts[1], StringComparer.Ordinal);
    }
}
