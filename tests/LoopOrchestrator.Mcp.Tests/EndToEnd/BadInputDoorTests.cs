using System.Text.Json;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>What a caller is told who asks for something that cannot be.</summary>
[Trait("kind", "smoke")]
public sealed class BadInputDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Requests_ThatCannotBe_SayWhatAndWhatToDo()
    {
        _workspace.WriteConfiguration();
        var (_, client) = await _workspace.ServeAsync();

        (await client.RefusalAsync("run_mode", ("mode", "implementation-cor"), ("task", "x")))
            .Should()
            .Contain("implementation-cor")
            .And.Contain("implementation-core");
        (await client.RefusalAsync("run_mode", ("mode", "xyzzy"), ("task", "x")))
            .Should()
            .Contain("no mode 'xyzzy'")
            .And.Contain("list_modes")
            .And.NotContain("Nearest");
        (await client.RefusalAsync("run_mode", ("mode", "code"), ("task", "  "))).Should().Contain("task is empty");
        (await client.RefusalAsync("run_mode", ("mode", "code"), ("task", "x"), ("agent", "nobody")))
            .Should()
            .Contain("no agent 'nobody'")
            .And.Contain("mcp_startup.json");
        (await client.RefusalAsync("run_mode", ("mode", "code"), ("task", "x"), ("parent_run_id", "run-none")))
            .Should()
            .Contain("'run-none'");
        (await client.RefusalAsync("get_run", ("run_id", "../../etc/passwd"))).Should().Contain("There is no run").And.Contain("list_runs");
        (await client.RefusalAsync("cancel_run", ("run_id", "run-none"))).Should().Contain("There is no run");
        (await client.RefusalAsync("complete_run", ("run_id", "run-none"), ("outcome", "succeeded"), ("summary", "x")))
            .Should()
            .Contain("There is no run");
        (await client.RefusalAsync("trigger_schedule", ("schedule_id", "none"))).Should().Contain("There is no schedule 'none'");
        (await client.RefusalAsync("list_runs", ("cursor", "xyz"))).Should().Contain("cursor 'xyz'");
        (await client.RefusalAsync("log_timing", ("action", "record"), ("task", "x"), ("mode", "any")))
            .Should()
            .Contain("needs 'start_time'");
        (await client.RefusalAsync("log_timing", ("action", "start"), ("task", "x"), ("mode", "any"), ("start_time", "yesterday")))
            .Should()
            .Contain("start_time");
        (await client.CallAsync("list_runs")).GetProperty("runs").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Program_ThatIsMissing_FailsTheRunAndSaysWhereItLooked()
    {
        _workspace.Files.Write(
            "mcp_startup.json",
            """{ "agents": { "gone": { "kind": "command", "command": ["no-such-program-anywhere"] }, "away": { "kind": "command", "command": ["./tools/none.sh"] } } }"""
        );
        var (_, client) = await _workspace.ServeAsync();

        var onPath = (await client.EndOfRunAsync(await client.StartRunAsync("gone")));
        var inFolder = (await client.EndOfRunAsync(await client.StartRunAsync("away")));

        onPath.Text("state").Should().Be("failed");
        onPath
            .Text("reason")
            .Should()
            .Contain("'no-such-program-anywhere' of agent 'gone' was not found")
            .And.Contain("/no-such-program-anywhere")
            .And.Contain("agents.gone.command");
        inFolder.Text("reason").Should().Contain(_workspace.FullPath("tools/none.sh"));
        foreach (var run in (JsonElement[])[onPath, inFolder])
        {
            _workspace.Rows(run.Text("run_id")).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "failed");
        }
    }

    [Fact]
    public async Task Program_ThatCannotBeExecuted_FailsTheRun()
    {
        _workspace.Files.Write("broken", "\u007fELF is not what follows");
        _workspace.Files.Permit("broken", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _workspace.Files.Write("mcp_startup.json", """{ "agents": { "broken": { "kind": "command", "command": ["./broken"] } } }""");
        var client = await _workspace.ServeHereAsync();

        var run = (await client.EndOfRunAsync(await client.StartRunAsync("broken")));

        run.Text("state").Should().Be("failed");
        run.Text("reason").Should().Contain(_workspace.FullPath("broken")).And.Contain("could not be started");
    }
}
