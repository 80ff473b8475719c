using System.Text;
using LoopOrchestrator.Core.WorkFiles;
using LoopOrchestrator.Mcp.Tools.Files;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>The tools about files through the program.</summary>
public sealed class FileDoorTests : IAsyncDisposable
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Files_InTheServerOfAnAgent_AreReadAndNotChanged()
    {
        _workspace.Variables["LOOP_RUN_ID"] = "run-1";
        var (_, client) = await _workspace.ServeAsync("--toolsets", "files");
        _workspace.Files.Write("a.txt", "one");
        var backup = await client.CallAsync("backup_file", ("path", "a.txt"));
        _workspace.Files.Write("a.txt", "two");

        (await client.RefusalAsync("write_file", [("path", "a.txt"), ("content", "x")])).Should().Contain("agent of run-1");
        (await client.RefusalAsync("restore_file", [("backup_id", backup.Text("backup_id"))])).Should().Contain("agent of run-1");

        _workspace.Files.Read("a.txt").Should().Be("two");
        (await client.CallAsync("read_file", ("path", "a.txt"))).Text("file_text").Should().Be("two");
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(2, 0, "Folders that could not be read: 2.")]
    [InlineData(0, 3, "Folders with more than 50,000 entries, of which the others were left out: 3.")]
    public void From_FoldersThatAreNotShownWhole_SaysHowMany(int unreadable, int cut, string? note)
    {
        FileListResult.From(new WorkFileList([], null, unreadable, cut)).Note.Should().Be(note);
        FileHitListResult.From(new WorkFileHits([], 0, 0, null, unreadable, cut)).Note.Should().Be(note);
    }

    [Fact]
    public async Task Files_WrittenReadAndBroughtBack_AreThoseOfTheWorkspaceOnly()
    {
        var (_, client) = await _workspace.ServeAsync("--toolsets", "files");
        var text = string.Concat(Enumerable.Range(1, 2000).Select(static number => $"\tline {number} \"ä\"\n"));
        _workspace.Files.Write("big.txt", text);

        var first = await client.TryCallAsync("read_file", [("path", "big.txt")]);
        first.Text().Should().Contain("\n\tline 1 \"ä\"\n\tline 2 ", "the lines stand as they are, in a block of their own");
        var page = first.StructuredContent!.Value;
        Encoding.UTF8.GetByteCount(page.GetRawText()).Should().BeLessThan(8000);
        var whole = new StringBuilder(page.Text("file_text"));
        while (page.TryGetProperty("next_cursor", out var cursor))
        {
            page = await client.CallAsync("read_file", ("path", "big.txt"), ("cursor", cursor.GetString()));
            whole.Append(page.Text("file_text"));
        }

        whole.ToString().Should().Be(text);
        var written = await client.CallAsync("write_file", ("path", "big.txt"), ("content", "small"));
        _workspace.Files.Read("big.txt").Should().Be("small");
        await client.CallAsync("restore_file", ("backup_id", written.Text("backup_id")));
        _workspace.Files.Read("big.txt").Should().Be(text);

        foreach (var path in (string[])["../x", "/etc/passwd", ".git/config", ".loop/state.db", "mcp_startup.json"])
        {
            (await client.RefusalAsync("write_file", [("path", path), ("content", "x")]))
                .Should()
                .Contain(path)
                .And.NotContain(_workspace.Root);
        }
    }
}
