using System.Text.RegularExpressions;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Documents;

/// <summary>
/// What docs/hardening.md, SECURITY.md, docs/silent-failures.md and docs/orchestrator.md say holds is tried by a test that is there.
/// </summary>
public sealed partial class HardeningTableTests
{
    private const string Document = "docs/hardening.md";

    // What shows it where no test can.
    private static readonly string[] OtherProofs = ["the build", "benchmark `"];

    private static readonly Lazy<string> Tests = new(static () =>
        string.Join(
            '\n',
            Directory
                .EnumerateFiles(RepositoryFiles.Find("tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Where(static file =>
                    !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
                )
                .Select(File.ReadAllText)
        )
    );

    [Theory]
    [InlineData(Document, 90)]
    [InlineData("SECURITY.md", 20)]
    [InlineData("docs/silent-failures.md", 11)]
    [InlineData("docs/orchestrator.md", 24)]
    public void Rows_OfTheTable_EachNameATestThatExists(string document, int least)
    {
        var rows = Rows(document);
        rows.Should().HaveCountGreaterThan(least, "all sections but the last have three columns");
        foreach (var (kind, proof) in rows)
        {
            var classes = ClassName().Matches(proof).Select(static match => match.Value).ToList();
            Assert.True(
                classes.Count > 0 || OtherProofs.Any(other => proof.Contains(other, StringComparison.Ordinal)),
                $"nothing tries: {kind}"
            );
            Assert.All(classes, name =>
                Assert.True(Tests.Value.Contains($" class {name}", StringComparison.Ordinal), $"there is no {name}, named for: {kind}")
            );
            Assert.All(MethodName().Matches(proof).Select(static match => match.Groups["name"].Value), name =>
                Assert.True(Tests.Value.Contains($" {name}(", StringComparison.Ordinal), $"there is no test {name}, named for: {kind}")
            );
        }
    }

    [Fact]
    public void Rows_OfTheTable_NameNoKindTwice() =>
        Rows(Document)
            .Select(static row => row.Kind)
            .Where(static kind => !kind.StartsWith("...", StringComparison.Ordinal))
            .Should()
            .OnlyHaveUniqueItems();

    private static List<(string Kind, string Proof)> Rows(string document) =>
        [
            .. RepositoryFiles
                .Read(document)
                .Split('\n')
                .Where(static line =>
                    line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| ---", StringComparison.Ordinal)
                )
                .Select(static line => Column().Split(line.Trim('|')))
                .Where(static columns => columns.Length == 3 && columns[2].Trim() != "test")
                .Select(static columns => (columns[0].Trim(), columns[2].Trim())),
        ];

    // A bar that is a part of the text is written with a backslash.
    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Column();

    [GeneratedRegex(@"\b[A-Z]\w*Tests\b", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex ClassName();

    [GeneratedRegex(@"`(?<name>[A-Z]\w*_\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex MethodName();
}
