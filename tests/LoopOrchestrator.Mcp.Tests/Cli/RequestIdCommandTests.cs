namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>Commands that are given again with the request id that they had.</summary>
public sealed class RequestIdCommandTests : IDisposable
{
    private const string Id = "3f9c2c0e";

    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Commands_GivenAgainWithTheirRequestId_PrintAlikeAndDoNothingTwice()
    {
        _command.Workspace.Write(
            "schedules.json",
            """
            {"schedules":[{"id":"one","name":"One","mode":"code","taskInstructions":"Do.",
              "timeInterval":1,"timeUnit":"day","active":false}]}
            """
        );
        var run = await AgainAsync("run", "code", "Do it.", "--agent", "handoff", "--take", "--json");
        using var answer = System.Text.Json.JsonDocument.Parse(run);
        var id = answer.RootElement.GetProperty("run_id").GetString()!;
        var token = answer.RootElement.GetProperty("lease_token").GetString()!;
        await AgainAsync("runs", "complete", id, "succeeded", "It is done.", "--lease-token", token);
        (await AgainAsync("cycles", "start", "Make it better.", "--json")).Should().Contain("queued");
        (await AgainAsync("schedules", "trigger", "one")).Should().Contain("queued");
        (await AgainAsync("schedules", "save", "--name", "Two", "--task", "x", "--interval", "6 hours")).Should().StartWith("Created");
        (await AgainAsync("memory", "append", "updates", "It needs oil.", "--mode", "code")).Should().StartWith("Added. ");
        (await AgainAsync("timing", "log", "start", "--task", "x", "--mode", "code")).Should().Contain("is open");

        (await _command.SucceedAsync("schedules", "list", "--all")).Should().Contain("Two");
        (await _command.SucceedAsync("timing", "list")).Should().Contain("1 open");
        (await _command.SucceedAsync("memory", "show", "--query", "oil")).Should().NotContain("seen");
        (await _command.FailAsync("memory", "append", "updates", "Else.", "--request-id", Id)).Should().Contain("other arguments");
    }

    [Fact]
    public async Task MemoryAppendAndTimingLog_AsJson_PrintWhatTheToolsAnswer()
    {
        (await _command.SucceedAsync("memory", "append", "patterns", "It needs oil.", "--pinned", "--json"))
            .Should()
            .Contain("\"duplicate\": false");
        (await _command.SucceedAsync("memory", "append", "patterns", "It needs oil."))
            .Should()
            .StartWith("Counted where it stands; seen 2");
        (
            await _command.SucceedAsync(
                "timing",
                "log",
                "record",
                "--task",
                "x",
                "--mode",
                "code",
                "--start",
                "2026-01-31T09:00:00Z",
                "--end",
                "2026-01-31T09:10:00Z",
                "--json"
            )
        )
            .Should()
            .Contain("\"duration_seconds\": 600");
        (await _command.FailAsync("timing", "log", "stop", "--task-id", "none")).Should().Contain("No interval");
    }

    private async Task<string> AgainAsync(params string[] arguments)
    {
        var first = await _command.SucceedAsync([.. arguments, "--request-id", Id]);
        (await _command.SucceedAsync([.. arguments, "--request-id", Id])).Should().Be(first, string.Join(' ', arguments));
        return first;
    }
}
