using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Tools.Files;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>The tools about files through the program.</summary>
public sealed class FileDoorTests : IAsyncDisposable
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public void RefuseInRun_OfTheServerOfAnAgent_SaysWhoMayEdit()
    {
        FluentActions
            .Invoking(static () => FileTools.RefuseInRun("run-1"))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("*agent of run-1*");
        FileTools.RefuseInRun(null);
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
