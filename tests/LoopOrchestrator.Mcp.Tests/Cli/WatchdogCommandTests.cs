using System.Text.Json;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class WatchdogCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Watchdog_AllWell_SaysSoInOneLineOrNotAtAll()
    {
        var before = _command.Workspace.Snapshot();

        (await _command.SucceedAsync("watchdog")).Should().StartWith("ok: ").And.EndWith("an outcome.\n");
        (await _command.SucceedAsync("watchdog", "--quiet")).Should().BeEmpty("cron sends mail about what is printed");

        _command.Workspace.Snapshot().Should().Equal(before, "it looks, and makes nothing");
    }

    [Theory]
    [InlineData()]
    [InlineData("--quiet")]
    public async Task Watchdog_NothingFires_EndsAsStatusDoesAndSaysThatFirst(params string[] arguments)
    {
        _command.WriteSchedule();

        var result = await _command.RunAsync(["watchdog", .. arguments]);

        result.ExitCode.Should().Be((await _command.RunAsync("status")).ExitCode).And.Be(5);
        result.Output.Should().StartWith("needs attention: Nothing fires: no server runs on this workspace.");
        result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle();
    }

    [Fact]
    public async Task Watchdog_ByTheProgram_PrintsItsDocument()
    {
        _command.WriteSchedule();

        var result = await _command.RunProgramAsync("watchdog", "--json");

        result.ExitCode.Should().Be(5);
        using var document = JsonDocument.Parse(result.Output);
        document.RootElement.GetProperty("status").GetString().Should().Be("needs_attention");
        document.RootElement.GetProperty("alive").GetBoolean().Should().BeFalse();
        document.RootElement.GetProperty("attention").GetArrayLength().Should().Be(1);
        document.RootElement.TryGetProperty("undelivered", out _).Should().BeFalse("nothing was to be told");
    }

    [Fact]
    public async Task Watchdog_ToldToTell_EntersTheIncidentOnceAndWaitsForTrust()
    {
        _command.WriteSchedule();
        _command.Workspace.Write(
            "mcp_startup.json",
            """{ "notices": [ { "on": ["dead_scheduler"], "webhook": "http://127.0.0.1:1/hook" } ] }"""
        );

        (await _command.RunAsync("watchdog", "--tell")).Output.Should().Contain("1 notice(s) could not be delivered yet");
        (await _command.RunAsync("watchdog", "--tell")).Output.Should().Contain("1 notice(s) could not be delivered yet");

        var status = await _command.RunAsync("status");
        status.Output.Should().Contain("Incidents (1)").And.Contain("dead_scheduler").And.Contain("this workspace is not trusted");
    }

    [Fact]
    public async Task Status_WatchedThroughAPipe_IsPrintedOnce()
    {
        var result = await _command.RunAsync("status", "--watch");

        result.Should().Match<ProcessResult>(one => one.ExitCode == 0 && one.Output.StartsWith("Loop ", StringComparison.Ordinal));
        result.Output.Should().NotContain("\e[");
        (await _command.RunAsync("status", "--watch", "--line")).ExitCode.Should().Be(2);
    }
}
