using System.Text.Json;
using System.Text.RegularExpressions;
using LoopOrchestrator.Mcp.Tests.EndToEnd;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed partial class CyclesCommandTests : IAsyncLifetime
{
    private readonly CommandRun _command = new();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a shell as the agent.");
        _command.Workspace.Write("code.txt", "wrong\n");
        _command.Workspace.Write(
            "mcp_startup.json",
            """
            { "agents": { "writer": { "kind": "cli", "command": ["sh", "-c", "test $(cat code.txt) = right || echo right > code.txt"], "prompt": "stdin" } },
              "limits": { "maxAttempts": 1 },
              "workflows": {
                "default": { "stages": [
                  { "stage": "implementation", "steps": [ { "name": "write", "mode": "implementation-core", "agent": "writer" } ] },
                  { "stage": "validation", "gates": [ { "name": "check", "command": ["grep", "-q", "right", "code.txt"] } ] } ] },
                "strict": { "maxReworks": 1, "stages": [
                  { "stage": "implementation", "steps": [ { "name": "write", "mode": "implementation-core", "agent": "writer" } ] },
                  { "stage": "validation", "gates": [ { "name": "never", "command": ["sh", "-c", "printf '\\033[31mnot ever'; exit 3"] } ] } ] },
                "slow": { "stages": [
                  { "stage": "implementation", "gates": [ { "name": "wait", "command": ["sleep", "1000"] } ] } ] } } }
            """
        );
        await GitCalls.InitialiseGitAsync(_command.Workspace.Root);
    }

    public ValueTask DisposeAsync()
    {
        _command.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Commands_OfACycle_TellOneStory()
    {
        (await _command.SucceedAsync("cycles", "list")).Should().Contain("No cycle has begun").And.Contain("cycles start");
        await _command.SucceedAsync("trust");
        await using var server = _command.StartServer();

        var started = await _command.RunProgramAsync("cycles", "start", "Make \u001b[31mit right", "--wait", "60");

        started.ExitCode.Should().Be(0, started.Error + started.Output);
        started.Output.Should().Contain("It is succeeded: all 2 stages");
        var id = RunId().Match(started.Output).Value;
        (await _command.SucceedAsync("cycles", "list"))
            .Should()
            .MatchRegex($"{id} +succeeded +default +validation +0 +1 +0 ")
            .And.NotContain("\u001b");
        (await _command.SucceedAsync("cycles", "list", "--schedule", "other")).Should().Contain("No cycle");
        var story = await _command.SucceedAsync("cycles", "show", id);
        story
            .Should()
            .Contain("of workflow 'default': succeeded")
            .And.Contain("Pass 1: implementation")
            .And.Contain("Pass 2: validation")
            .And.MatchRegex("1 step +write \\(implementation-core\\): passed")
            .And.Contain("M code.txt")
            .And.MatchRegex("2 gate +check: passed")
            .And.Contain("Decisions")
            .And.Contain("stage 'validation' begins")
            .And.NotContain("\u001b");
        _command.Workspace.Read("code.txt").Should().Be("right\n");

        (await _command.SucceedAsync("cycles", "rollback", id))
            .Should()
            .MatchRegex("restore +code.txt")
            .And.Contain("Nothing was changed. --apply does it.");
        using (var plan = JsonDocument.Parse(await _command.SucceedAsync("cycles", "rollback", id, "--json")))
        {
            plan.RootElement.GetProperty("applied").GetBoolean().Should().BeFalse();
            plan.RootElement.GetProperty("files").GetRawText().Should().Contain("code.txt");
        }

        _command.Workspace.Read("code.txt").Should().Be("right\n");
        (await _command.SucceedProgramAsync("cycles", "rollback", id, "--apply"))
            .Should()
            .MatchRegex("restore +code.txt")
            .And.Contain("Done and verified: 1 file(s).");
        _command.Workspace.Read("code.txt").Should().Be("wrong\n");
        (await _command.SucceedAsync("cycles", "rollback", id)).Should().Contain("There is nothing to roll back.");
        using (var done = JsonDocument.Parse(await _command.SucceedAsync("cycles", "rollback", id, "--apply", "--json")))
        {
            done.RootElement.GetProperty("applied").GetBoolean().Should().BeTrue();
        }

        _command.Workspace.Write("code.txt", "mine\n");
        (await _command.SucceedAsync("cycles", "rollback", id))
            .Should()
            .MatchRegex("conflict +code.txt")
            .And.Contain("There is nothing to roll back by itself");
    }

    [Fact]
    public async Task Start_OfACycleThatFails_EndsWithSixAndTheStoryHasItsReworks()
    {
        await _command.SucceedAsync("trust");
        await using var server = _command.StartServer();

        var result = await _command.RunProgramAsync("cycles", "start", "Never", "--workflow", "strict", "--wait", "60");

        result.ExitCode.Should().Be(6, result.Error);
        result.Output.Should().Contain("It is failed: gate 'never' of stage 'validation' failed");
        var id = RunId().Match(result.Output).Value;
        foreach (
            var arguments in (string[][])
                [
                    ["cycles", "show"],
                    ["runs", "show"],
                    ["runs", "log"],
                ]
        )
        {
            (await _command.SucceedAsync([.. arguments, id]))
                .Should()
                .Contain("| \\u001b[31mnot ever")
                .And.MatchRegex($"all of it: .loop/runs/{id}/commands/.*/output.log");
        }

        using var log = JsonDocument.Parse(await _command.SucceedAsync("runs", "log", id, "--json"));
        log.RootElement.GetProperty("output")
            .GetString()
            .Should()
            .Contain("gate never: failed\n\u001b[31mnot ever\n")
            .And.MatchRegex("step write: runs log run-");
        (await _command.SucceedAsync("cycles", "show", "last", "--json"))
            .Should()
            .Contain("\"output_file\": \".loop/runs/")
            .And.Contain("not ever");
        (await _command.SucceedAsync("cycles", "show", id))
            .Should()
            .Contain("Reworks    1 of 1")
            .And.Contain("Pass 4: validation")
            .And.Contain("exit code 3")
            .And.Contain("rework 1 of 1")
            .And.Contain("note: it was to implement something and changed nothing")
            .And.NotContain("\u001b");
    }

    [Fact]
    public async Task Cancel_EndsAGateThatGoesOn_AndAQueuedCycle()
    {
        await _command.SucceedAsync("trust");
        using var asked = JsonDocument.Parse(await _command.SucceedAsync("cycles", "start", "Later", "--json"));
        var queued = asked.RootElement.GetProperty("run_id").GetString()!;
        (await _command.FailAsync("cycles", "show", queued)).Should().Contain("has not begun");
        (await _command.SucceedAsync("cycles", "cancel", queued)).Should().Contain("is cancelled");
        await using var server = _command.StartServer();
        var id = RunId().Match(await _command.SucceedAsync("cycles", "start", "Hang", "--workflow", "slow")).Value;
        await LoopOrchestrator.Testing.Eventually.FindAsync("the gate", async () =>
            (await _command.RunAsync("cycles", "show", id)).Output.Contains("wait: running", StringComparison.Ordinal) ? id : null
        );

        (await _command.SucceedAsync("cycles", "cancel", id, "--reason", "changed my mind")).Should().Contain("told to end");

        await LoopOrchestrator.Testing.Eventually.FindAsync("its end", async () =>
            (await _command.RunAsync("cycles", "show", id)).Output.Contains("of workflow 'slow': cancelled", StringComparison.Ordinal)
                ? id
                : null
        );
        (await _command.SucceedAsync("cycles", "show", id)).Should().Contain("cancelled, changed my mind");
        (await _command.FailAsync("cycles", "cancel", id)).Should().Contain("has ended already");
    }

    [Fact]
    public async Task Show_WhatIsNoCycle_IsAnErrorThatHelps()
    {
        await _command.SucceedAsync("trust");
        var single = RunId().Match(await _command.SucceedAsync("run", "code", "Look")).Value;

        (await _command.FailAsync("cycles", "show", single)).Should().Contain("is no cycle");
        (await _command.FailAsync("cycles", "cancel", single)).Should().Contain("is no cycle").And.Contain("runs cancel");
        (await _command.FailAsync("cycles", "rollback", single)).Should().Contain("neither a cycle nor a step");
        (await _command.FailAsync("cycles", "show", "../x")).Should().Contain("no run");
        (await _command.FailAsync("cycles", "start", "x", "--workflow", "defalt"))
            .Should()
            .Contain("no workflow 'defalt'")
            .And.Contain("default, slow, strict");
        (await _command.SucceedAsync("cycles", "list")).Should().Contain("No cycle has begun");
    }

    [Fact]
    public async Task Rollback_WithoutTrust_IsRefused() =>
        (await _command.FailAsync("cycles", "rollback", "run-none")).Should().Contain("not trusted").And.Contain("loop-orchestrator trust");

    [GeneratedRegex("run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunId();
}
