using System.Text.Json.Nodes;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Attempts, leases and escalations through the program itself.</summary>
public sealed class EscalationDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The dummy agent's processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Step_ThatFails_IsTriedAgainEscalatesAndGoesOnWhenResolved()
    {
        _workspace.Limits["maxAttempts"] = 2;
        _workspace.Limits["retryBaseSeconds"] = 0;
        _workspace.Limits["failuresToEscalate"] = 1;
        _workspace.AddCommand("bad", "print", "I cannot", "exit", "3");
        _workspace.WriteConfiguration("bad");
        var configuration = JsonNode.Parse(_workspace.Files.Read("mcp_startup.json"))!;
        configuration["escalation"] = new JsonObject { ["command"] = new JsonArray("sh", "-c", "cat > told.json") };
        _workspace.Files.Write("mcp_startup.json", configuration.ToJsonString());
        _workspace.WriteSchedules(LoopWorkspace.DueNow("s"));
        var server = await _workspace.StartHttpAsync("--trust-workspace");
        var client = await _workspace.ConnectAsync(server);
        var id = await client.RunOfScheduleAsync("s");

        var run = await client.EndOfRunAsync(id);

        run.Text("state").Should().Be("failed");
        run.GetProperty("attempts").GetArrayLength().Should().Be(2);
        run.Text("output_file").Should().EndWith("attempt-2/output.log");
        _workspace.Rows(id).Should().HaveCount(2);
        await Eventually.TrueAsync("the command is told", () =>
            File.Exists(_workspace.FullPath("told.json"))
            && _workspace.Files.Read("told.json").Contains("\"schedule_id\": \"s\"", StringComparison.Ordinal)
        );
        var status = await client.CallAsync("get_status");
        status.GetProperty("escalations")[0].GetProperty("escalation_id").GetInt32().Should().Be(1);
        _workspace.Files.Read("persistent-memory.md").Should().Contain("Command Failure (escalation 1)").And.Contain("I cannot");
        using var http = new HttpClient();
        var ready = await http.GetAsync(new Uri(server.Address!, "/health/ready"), TestContext.Current.CancellationToken);
        ((int)ready.StatusCode).Should().Be(503);
        (await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Contain("escalation 1");
        (await client.RefusalAsync("trigger_schedule", ("schedule_id", "s"))).Should().Contain("resolve_escalation");

        var resolved = await client.CallAsync("resolve_escalation", ("escalation_id", 1), ("note", "it can now"));

        resolved.GetProperty("schedule_resumed").GetBoolean().Should().BeTrue();
        (await http.GetAsync(new Uri(server.Address!, "/health/ready"), TestContext.Current.CancellationToken))
            .IsSuccessStatusCode.Should()
            .BeTrue();
        (await client.CallAsync("trigger_schedule", ("schedule_id", "s"))).Text("run_id").Should().NotBe(id);
    }

    [Fact]
    public async Task ClaimedRun_IsReportedWithItsToken_AndQuestionsAreAnswered()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("s"));
        var client = await _workspace.ServeHereAsync();
        var id = await client.RunOfScheduleAsync("s");
        var claimed = await client.CallAsync("claim_run", ("run_id", id));
        claimed.GetProperty("lease_seconds").GetInt32().Should().Be(900);
        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "x")))
            .Should()
            .Contain("Give the lease_token");

        await client.CallAsync(
            "complete_run",
            ("run_id", id),
            ("outcome", "needs_input"),
            ("summary", "x"),
            ("questions", new[] { "Red?" }),
            ("lease_token", claimed.Text("lease_token"))
        );
        (await client.CallAsync("answer_run", ("run_id", id), ("answers", new[] { "Blue." }))).Text("state").Should().Be("queued");
        var again = await client.CallAsync("claim_run");

        again.Text("brief").Should().Contain("Red? Answer: Blue.");
        (
            await client.RefusalAsync(
                "complete_run",
                ("run_id", id),
                ("outcome", "succeeded"),
                ("summary", "x"),
                ("lease_token", claimed.Text("lease_token"))
            )
        )
            .Should()
            .Contain("too late");
        (
            await client.CallAsync(
                "complete_run",
                ("run_id", id),
                ("outcome", "succeeded"),
                ("summary", "blue"),
                ("follow_ups", new[] { "Dry it." }),
                ("lease_token", again.Text("lease_token"))
            )
        )
            .Text("state")
            .Should()
            .Be("succeeded");
        _workspace.Files.Read("TODO.md").Should().Contain("- [ ] Dry it.");
    }
}
