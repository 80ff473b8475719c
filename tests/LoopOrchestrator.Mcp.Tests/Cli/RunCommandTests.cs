using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed partial class RunCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task HandOff_WaitsToBeClaimed_AndIsHeldByTheTokenOfTheClaim()
    {
        var id = RunId().Match(await _command.SucceedAsync("run", "code", "Write the page")).Value;
        (await _command.SucceedAsync("runs", "show", id)).Should().MatchRegex("State +queued").And.Contain($"runs claim {id}");
        var token = TokenOfLease().Match(await _command.SucceedAsync("runs", "claim", id)).Groups["token"].Value;

        (await _command.SucceedAsync("runs", "show", id)).Should().NotContain(token);
        (await _command.FailAsync("runs", "heartbeat", id)).Should().Contain("--lease-token TOKEN");
        (await _command.SucceedAsync("runs", "heartbeat", id, "--lease-token", token)).Should().Contain("900 s from now");
        (await _command.FailAsync("runs", "complete", id, "succeeded", "Done.")).Should().Contain("Give the lease_token");
        (await _command.SucceedAsync("runs", "complete", id, "succeeded", "Done.", "--lease-token", token)).Should().Contain("succeeded");
    }

    [Fact]
    public async Task HandOff_Taken_PrintsTheBriefAndIsListedShownAndCancelled()
    {
        var output = await _command.SucceedProgramAsync("run", "code", "Write the \u001b[31mpage", "--timeout", "77", "--take");

        TokenOfLease().IsMatch(output).Should().BeTrue();
        output.Should().Contain("Brief").And.Contain("complete_run").And.NotContain("\u001b");
        var id = RunId().Match(output).Value;
        (await _command.SucceedAsync("runs", "list", "--state", "running")).Should().Contain(id);
        (await _command.SucceedAsync("runs", "show", id, "--brief"))
            .Should()
            .Contain("Decisions")
            .And.Contain("default agent")
            .And.Contain("77 s from the start");
        (await _command.SucceedAsync("runs", "cancel", id, "--reason", "changed my mind")).Should().Contain("cancelled");
        (await _command.SucceedAsync("runs", "show", id)).Should().Contain("cancelled: changed my mind");
        (await _command.FailAsync("runs", "cancel", id)).Should().Contain("has ended already");
        (await _command.SucceedAsync("timing", "list")).Should().Contain("1 complete intervals, 0 open");
    }

    [Fact]
    public async Task HandOff_TakenAndWaitedFor_IsOneDocumentBeforeTheWaitWithItsLease()
    {
        string[] workspace = ["--workspace", _command.Workspace.Root];
        var taken = "";

        var result = await CommandLineHere.RunWithAsync(
            printed =>
            {
                taken = printed;
                var token = AnyToken().Match(printed).Value;
                return [.. workspace, "runs", "complete", "last", "succeeded", "Done.", "--lease-token", token];
            },
            [.. workspace, "run", "code", "Write the page", "--take", "--wait", "30", "--json"]
        );

        result.ExitCode.Should().Be(0);
        taken.Should().Contain("Write the page").And.Contain("complete_run");
        using var document = JsonDocument.Parse(result.Output);
        document.RootElement.GetProperty("lease_token").GetString().Should().MatchRegex("^[0-9a-f]{32}$");
        result.Error.Should().MatchRegex("run-[0-9a-f-]+ is succeeded\\.");
    }

    [Fact]
    public async Task CommandAgent_WithoutTrust_IsRefused()
    {
        WriteAgent("exit 0");

        (await _command.FailAsync("run", "code", "Check")).Should().Contain("loop-orchestrator trust");
        (await _command.SucceedAsync("runs", "list")).Should().Contain("no such runs");
    }

    [Theory]
    [InlineData("echo well done; exit 0", 0, "succeeded")]
    [InlineData("echo not well; exit 3", 6, "failed")]
    public async Task CommandAgent_WithATrustedServer_IsDoneByIt(string script, int exitCode, string state)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a shell as the agent.");
        WriteAgent(script);
        await _command.SucceedAsync("trust");
        await using var server = _command.StartServer();

        var result = await _command.RunProgramAsync("run", "code", "Check", "--wait", "50");

        result.ExitCode.Should().Be(exitCode, result.Error);
        var tail = await _command.RunProgramAsync("runs", "tail", "last");
        tail.ExitCode.Should().Be(exitCode, "it ends as the run did");
        tail.Output.Should().Contain("well");
        result.Output.Should().MatchRegex($"State +{state}").And.Contain("well");
    }

    [Fact]
    public async Task Log_Follow_PrintsUntilTheEnd()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a shell as the agent.");
        WriteAgent("printf 'one\\n\\\\033[31mtwo\\n\\nthree'; sleep 0.2; echo");
        await _command.SucceedAsync("trust");
        await using var server = _command.StartServer();
        var id = RunId().Match(await _command.SucceedAsync("run", "code", "Check")).Value;

        var followed = await _command.RunProgramAsync("runs", "log", id, "--follow");

        followed.ExitCode.Should().Be(0);
        followed.Output.Should().MatchRegex("^one\n.*two\n\nthree\n$").And.NotContain("\u001b");
        followed.Error.Should().Contain($"{id} is succeeded");
        (await _command.SucceedAsync("runs", "log", id)).Should().Be(followed.Output);
        (await _command.FailAsync("runs", "log", "run-none")).Should().Contain("There is no run");
    }

    [Fact]
    public async Task CommandAgent_TrustedWithoutAServer_WaitsAndSaysForWhat()
    {
        WriteAgent("exit 0");
        await _command.SucceedAsync("trust");

        (await _command.SucceedAsync("run", "code", "Check"))
            .Should()
            .Contain("queued")
            .And.Contain("No server that may start programs runs");
        (await _command.RunProgramAsync("run", "code", "Check", "--wait", "1")).ExitCode.Should().Be(6);
    }

    [Fact]
    public async Task Names_Unknown_AreErrorsThatHelp()
    {
        (await _command.FailAsync("run", "cod", "Check")).Should().Contain("code");
        (await _command.FailAsync("run", "code", "Check", "--agent", "nobody")).Should().Contain("handoff");
        (await _command.FailAsync("runs", "show", "../../x")).Should().Contain("no run");
    }

    private void WriteAgent(string script) =>
        _command.Workspace.Write(
            "mcp_startup.json",
            $$"""{ "defaultAgent": "checks", "agents": { "checks": { "kind": "command", "command": ["/bin/sh", "-c", "{{script}}"] } }, "limits": { "maxAttempts": 1 } }"""
        );

    [GeneratedRegex(
        "--lease-token (?<token>[0-9a-f]{32})",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TokenOfLease();

    [GeneratedRegex("\\b[0-9a-f]{32}\\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyToken();

    [GeneratedRegex("run-[0-9]{8}-[0-9]{6}-[0-9a-f]{8}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunId();
}
