using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>
/// What clients are promised about each tool stands in a file, so that a change of a name, a text or a schema is seen before it is
/// delivered. <c>tools/snapshots</c> renews the files.
/// </summary>
public sealed class ToolSnapshotTests : IDisposable
{
    private static readonly string Folder = RepositoryFiles.Find("src/LoopOrchestrator.Mcp/Tools/Definitions");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tools_AsListed_AreThoseOfTheirSnapshots()
    {
        var expected = ListedTools
            .Of(ListedTools.Everything)
            .ToDictionary(ToolSnapshot.FileName, ToolSnapshot.Text, StringComparer.Ordinal);
        expected.Should().HaveCountGreaterThan(20);
        if (Snapshots.Renew)
        {
            Snapshots.Write(Folder, expected);
        }

        Snapshots.Differences(Folder, expected).Should().BeEmpty(Snapshots.HowToRenew);
    }

    [Fact]
    public void Table_OfTheDocument_IsMadeOfTheSnapshots()
    {
        var expected = ToolTable.Make(ListedTools.ByToolset());
        if (Snapshots.Renew)
        {
            File.WriteAllText(
                RepositoryFiles.Find(ToolTable.Document),
                Snapshots.Replace(RepositoryFiles.Read(ToolTable.Document), ToolTable.Begin, ToolTable.End, expected)
            );
        }

        Snapshots
            .FirstDifference(Snapshots.Between(RepositoryFiles.Read(ToolTable.Document), ToolTable.Begin, ToolTable.End), expected)
            .Should()
            .BeNull(Snapshots.HowToRenew);
    }

    [Fact]
    public void Table_HasEachToolOnce_WithItsToolsetAndArguments()
    {
        var rows = ToolTable
            .Make(ListedTools.ByToolset())
            .Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .ToList();

        rows.Select(static row => row.Split('`')[1])
            .Should()
            .BeEquivalentTo(ListedTools.Of(ListedTools.Everything).Select(static tool => (string)tool["name"]!));
        rows.Should()
            .ContainSingle(static row =>
                row.StartsWith("| `claim_run` | `runs` | Takes a waiting hand-off ", StringComparison.Ordinal)
                && row.EndsWith(" | `run_id?`, `mode?`, `wait_seconds?` (0 to 45; default 0) |", StringComparison.Ordinal)
            );
        rows.Should()
            .ContainSingle(static row =>
                row.StartsWith("| `compact_memory` | `maintenance` | ", StringComparison.Ordinal)
                && row.EndsWith(" | `headroom_percent?` (0 to 90; default 15), `dry_run?` |", StringComparison.Ordinal)
            );
    }

    [Fact]
    public void Replace_LeavesWhatIsOutsideTheMarkers_AndTellsWhenOneIsMissing()
    {
        Snapshots.Replace("a\n<b>\nold\n<e>\nz\n", "<b>", "<e>", "new\n").Should().Be("a\n<b>\nnew\n<e>\nz\n");

        FluentActions
            .Invoking(static () => Snapshots.Between("a\n<e>\n<b>\n", "<b>", "<e>"))
            .Should()
            .Throw<InvalidDataException>()
            .WithMessage("the lines <b> and <e> are missing");
    }

    [Fact]
    public void Differences_NameWhatIsMissing_SuperfluousAndNotTheSame()
    {
        File.WriteAllText(_folder.File("same.json"), "{}\n");
        File.WriteAllText(_folder.File("changed.json"), "{\n  \"title\": \"Old\"\n}\n");
        File.WriteAllText(_folder.File("left.json"), "{}\n");
        var expected = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["same.json"] = "{}\n",
            ["changed.json"] = "{\n  \"title\": \"New\"\n}\n",
            ["added.json"] = "{}\n",
        };

        Snapshots
            .Differences(_folder.FullPath, expected)
            .Should()
            .Equal(
                "added.json is missing",
                "left.json is superfluous",
                "changed.json: line 2 is «  \"title\": \"Old\"» and should be «  \"title\": \"New\"»"
            );

        Snapshots.Write(_folder.FullPath, expected);

        Snapshots.Differences(_folder.FullPath, expected).Should().BeEmpty();
    }
}
