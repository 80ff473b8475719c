using FluentAssertions.Execution;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol.Client;

namespace LoopOrchestrator.Mcp.Tests.Files;

/// <summary>
/// What happens to the files under a server that runs on: the disk fills up, other programs remove, replace and shorten files, the
/// folder goes away. Each time: a clear error where there is one to tell, the old content as it was, and no restart needed afterwards.
/// </summary>
public sealed class FileFaultTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public static TheoryData<string> Files => ["task_timing.tsv", "persistent-memory.md", "TODO.md", "schedules.json"];

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are limited in size by the shell, and kept open while their names move.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    // The memory has a limit of its own; a schedule can only be saved where the state database has room.
    [Theory]
    [InlineData(32, "task_timing.tsv", "persistent-memory.md", "TODO.md")]
    [InlineData(512, "schedules.json")]
    public async Task File_ThatCannotGrow_StaysAsItWasAndTakesTheNextWriteWhenThereIsRoom(int limitInKiB, params string[] files)
    {
        var client = await _workspace.ConnectAsync(_workspace.StartStdioOnAFullDisk(limitInKiB));
        foreach (var file in files)
        {
            using var scope = new AssertionScope(file);
            var full = Content(file, (limitInKiB * 1024) - 10);
            _workspace.Files.Write(file, full);

            (await WriteAsync(client, file, "refused")).Should().Contain(file).And.Contain("Check permissions and free space");

            _workspace.Files.Read(file).Should().Be(full);
            Directory.GetFiles(_workspace.Root, ".*.tmp").Should().BeEmpty();
            _workspace.Files.Write(file, Content(file, 1000));
            (await WriteAsync(client, file, "accepted")).Should().BeNull();
            _workspace.Files.Read(file).Should().Contain("accepted").And.NotContain("refused");
        }
    }

    [Fact]
    public async Task File_RemovedReplacedAndShortened_TakesTheNextWrite()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        foreach (var file in Files.Select(static row => row.Data))
        {
            using var scope = new AssertionScope(file);
            (await WriteAsync(client, file, "first")).Should().BeNull();
            File.Delete(_workspace.FullPath(file));

            (await WriteAsync(client, file, "second")).Should().BeNull();
            _workspace.Files.Read(file).Should().Contain("second").And.NotContain("first");

            var replacement = _workspace.Files.Write("replacement", Content(file, 5000));
            File.Move(replacement, _workspace.FullPath(file), overwrite: true);
            (await WriteAsync(client, file, "third")).Should().BeNull();
            _workspace.Files.Read(file).Should().Contain("third").And.NotContain("second");

            File.WriteAllText(_workspace.FullPath(file), Content(file, 1000));
            (await WriteAsync(client, file, "fourth")).Should().BeNull();
            _workspace.Files.Read(file).Should().Contain("fourth").And.NotContain("third");
        }
    }

    [Fact]
    public async Task Folder_GoneAndBack_IsSaidAndWorkGoesOn()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        foreach (var file in Files.Select(static row => row.Data))
        {
            using var scope = new AssertionScope(file);
            (await WriteAsync(client, file, "first")).Should().BeNull();
            var away = _workspace.Root + "-away";
            Directory.Move(_workspace.Root, away);
            try
            {
                (await WriteAsync(client, file, "refused")).Should().Contain("does not exist");
                Directory.Exists(_workspace.Root).Should().BeFalse("nothing is made anew in the place of a folder that is gone");
            }
            finally
            {
                Directory.Move(away, _workspace.Root);
            }

            (await WriteAsync(client, file, "second")).Should().BeNull();
            _workspace.Files.Read(file).Should().Contain("first").And.Contain("second").And.NotContain("refused");
        }
    }

    [Fact]
    public async Task File_ThatIsAFolder_IsSaidAndWorkGoesOn()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        foreach (var file in Files.Select(static row => row.Data))
        {
            using var scope = new AssertionScope(file);
            Directory.CreateDirectory(_workspace.FullPath(file));
            (await WriteAsync(client, file, "refused")).Should().Contain(file);

            Directory.Delete(_workspace.FullPath(file));
            (await WriteAsync(client, file, "accepted")).Should().BeNull();
            _workspace.Files.Read(file).Should().Contain("accepted");
        }
    }

    [Fact]
    public async Task File_WithoutPermission_IsSaidAndStaysAsItWasAndWorkGoesOn()
    {
        var server = _workspace.StartStdioWithoutPrivilege();
        var client = await _workspace.ConnectAsync(server);
        foreach (var file in Files.Select(static row => row.Data))
        {
            using var scope = new AssertionScope(file);
            await CheckPermissionsAsync(server, client, file);
        }
    }

    private async Task CheckPermissionsAsync(ServerProcess server, McpClient client, string file)
    {
        const UnixFileMode usual = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        (await WriteAsync(client, file, "first")).Should().BeNull();
        var before = _workspace.Files.Read(file);

        foreach (
            var (path, mode) in new[]
            {
                (file, UnixFileMode.UserRead),
                (file, UnixFileMode.None),
                (".", UnixFileMode.UserRead | UnixFileMode.UserExecute),
            }
        )
        {
            // A row is written into the file itself, and asks for no permission on its folder.
            if (path != "." || file != "task_timing.tsv")
            {
                // Whoever writes one record after the other keeps the file open in between, and permissions are asked for when it is
                // opened.
                await Eventually.TrueAsync("the file is closed", () => !LinuxProcesses.HasOpen(server.Id, _workspace.FullPath(file)));
                _workspace.Files.Permit(path, mode);
                (await WriteAsync(client, file, "refused"))
                    .Should()
                    .Contain(file, "{0} is {1}", path, mode)
                    .And.Contain("is denied")
                    .And.Contain("Check ");
                _workspace.Files.Permit(path, usual);
                _workspace.Files.Read(file).Should().Be(before);
            }
        }

        (await WriteAsync(client, file, "second")).Should().BeNull();
        _workspace.Files.Read(file).Should().Contain("first").And.Contain("second").And.NotContain("refused");
    }

    [Fact]
    public async Task StateFolder_ThatCannotBeWritten_StartsNoRunAndWorkGoesOnAfterwards()
    {
        _workspace.AddCommand("worker", "mark", "worked");
        _workspace.WriteConfiguration("worker");
        var (_, client) = await _workspace.ServeAsync();
        (await client.EndOfRunAsync(await RunAsync())).Text("state").Should().Be("succeeded");
        var rows = _workspace.Files.Read("task_timing.tsv");
        Directory.Move(_workspace.FullPath(".loop"), _workspace.FullPath("away"));
        _workspace.Files.Write(".loop", "a file where the folder belongs");

        (await client.RefusalAsync("run_mode", ("mode", "code"), ("task", "x"))).Should().Contain(".loop").And.Contain("cannot be written");

        _workspace.Files.Read("task_timing.tsv").Should().Be(rows);
        _workspace.Marks("worked").Should().Be(1);
        File.Delete(_workspace.FullPath(".loop"));
        Directory.Move(_workspace.FullPath("away"), _workspace.FullPath(".loop"));
        (await client.EndOfRunAsync(await RunAsync())).Text("state").Should().Be("succeeded");
        _workspace.Marks("worked").Should().Be(2);
        Directory.Move(_workspace.FullPath(".loop"), _workspace.FullPath("gone"));
        Directory.Delete(_workspace.FullPath("gone"), recursive: true);
        var last = await RunAsync();
        (await client.EndOfRunAsync(last)).Text("state").Should().Be("succeeded");
        var (_, next) = await _workspace.ServeAsync();
        (await next.CallAsync("get_run", ("run_id", last)))
            .Text("state")
            .Should()
            .Be("succeeded", "what was acknowledged after the folder was removed is on disk");

        async Task<string> RunAsync() => (await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"))).Text("run_id");
    }

    // What the tool said where it refused.
    private static async Task<string?> WriteAsync(McpClient client, string file, string word)
    {
        var (tool, arguments) = file switch
        {
            "task_timing.tsv" => ("log_timing", (IEnumerable<(string, object?)>)[("action", "start"), ("task", word), ("mode", "code")]),
            "persistent-memory.md" => ("append_memory", [("section", "patterns"), ("content", word)]),
            "TODO.md" => ("update_todo", [("action", "add"), ("text", word)]),
            _ => ("save_schedule", [("name", word), ("mode", "code"), ("task", "x"), ("interval", "10 minutes")]),
        };
        var result = await client.TryCallAsync(tool, arguments);
        return result.IsError == true ? result.Text() : null;
    }

    private static string Content(string file, int length)
    {
        var (head, piece, end) = file switch
        {
            "task_timing.tsv" => (
                "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n",
                "2026-01-01T00:00:00.000Z\tcode\tx\t2026-01-01T00:00:00.000Z\t2026-01-01T00:00:01.000Z\t1\tx\tdone\tnormal\n",
                ""
            ),
            "persistent-memory.md" => (
                "# Non-Obvious Implementation Patterns\n\n",
                $"- **Kept**: {new string('x', 500)}\n",
                "\n# Development & Debug Commands\n\n# System Updates & Status\n"
            ),
            "TODO.md" => ("# Plan\n\n", "- [ ] An item that people wrote\n", ""),
            _ => ("{\n  \"schedules\": [],\n  \"notes\": [\n", "    \"kept\",\n", "    \"kept\"\n  ]\n}\n"),
        };
        var count = Math.Max(0, (length - head.Length - end.Length) / piece.Length);
        var rest = length - head.Length - end.Length - (count * piece.Length);
        return head
            + string.Concat(Enumerable.Repeat(piece, count))
            + new string(' ', Math.Max(0, rest - 1))
            + (rest > 0 ? "\n" : "")
            + end;
    }
}
