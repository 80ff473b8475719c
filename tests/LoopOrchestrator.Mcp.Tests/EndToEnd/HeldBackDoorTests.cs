using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>An agent that may write files of the workspace cannot have the server execute what it writes there.</summary>
public sealed class HeldBackDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The test's own record is chosen by XDG_CONFIG_HOME.");
        _workspace.AddShell("writer", "cat >/dev/null; mv next.json schedules.json");
        _workspace.WriteConfiguration();
        _workspace.Variables["LOOP_TRUST_WORKSPACE"] = "1";
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task OnlyIfThatAnAgentWrites_IsNotExecuted_UntilAPersonHasLooked()
    {
        var mark = _workspace.FullPath("MARK");
        var schedule = LoopWorkspace.DueNow("planted");
        schedule["onlyIf"] = new JsonArray("/usr/bin/touch", mark);
        _workspace.Files.Write("next.json", new JsonObject { ["schedules"] = new JsonArray(schedule) }.ToJsonString());
        var client = await _workspace.ConnectAsync(_workspace.StartStdio());
        (await client.EndOfRunAsync(await client.StartRunAsync("writer"))).Text("state").Should().Be("succeeded");

        var reason = await Eventually.FindAsync("the reason why its due moment waits", async () =>
            (await _workspace.LedgerAsync("planted")) is [{ Outcome: null, Reason: { } why }] && why.Contains("held back") ? why : null
        );

        reason.Should().StartWith("schedules.json: planted onlyIf (/usr/bin/touch").And.Contain("'loop-orchestrator trust'");
        File.Exists(mark).Should().BeFalse();
        (await client.CallAsync("get_status")).Lines("held_back").Should().Contain("schedules.json: planted onlyIf");
        var status = await _workspace.CommandAsync("status");
        status.ExitCode.Should().Be(5);
        status.Output.Should().Contain("schedules.json: planted onlyIf (/usr/bin/touch");
        (await _workspace.CommandAsync("trust", "--show")).Output.Should().Contain("planted onlyIf");
        File.Exists(mark).Should().BeFalse("showing is not trusting");

        (await _workspace.CommandAsync("trust")).Output.Should().MatchRegex("onlyIf +schedules.json: planted onlyIf +/usr/bin/touch");

        await Eventually.TrueAsync("the command was executed", () => File.Exists(mark));
        (await client.CallAsync("get_status")).Lines("held_back").Should().BeEmpty();
    }
}
