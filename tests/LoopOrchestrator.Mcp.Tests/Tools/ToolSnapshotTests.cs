using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>
/// What clients are promised about each tool stands in a file, so that a change of a name, a text or a schema is seen before it is
/// delivered. <c>tools/snapshots</c> renews the files.
/// </summary>
public sealed class ToolSnapshotTests : IDisposable
{
    private static readonly string Folder = RepositoryFiles.Find("tests/LoopOrchestrator.Mcp.Tests/Snapshots");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tools_AreThoseOfTheirSnapshots()
    {
        var expected = ListedTools.Of("all").ToDictionary(ToolSnapshot.FileName, ToolSnapshot.Text, StringComparer.Ordinal);
        expected.Should().HaveCountGreaterThan(20);
        if (Snapshots.Renew)
        {
            Snapshots.Write(Folder, expected);
        }

        Snapshots.Differences(Folder, expected).Should().BeEmpty(Snapshots.HowToRenew);
    }

    [Fact]
    public void Differences_NameWhatIsMissing_Superfluous_AndNotTheSame()
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

        Snapshots.Differences(_folder.FullPath, expected).Should().Equal(
            "added.json is missing",
            "left.json is superfluous",
            "changed.json: line 2 is «  \"title\": \"Old\"» and should be «  \"title\": \"New\"»");

        Snapshots.Write(_folder.FullPath, expected);

        Snapshots.Differences(_folder.FullPath, expected).Should().BeEmpty();
    }
}
