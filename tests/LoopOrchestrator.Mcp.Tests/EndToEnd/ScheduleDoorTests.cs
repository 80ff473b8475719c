using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;
using ModelContextProtocol.Client;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Schedules that start real programs, seen from outside.</summary>
public sealed class ScheduleDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("http", Explicit = true, Traits = ["kind", "soak"])]
    [InlineData("stdio")]
    public async Task Schedule_DueNow_StartsAProgramAndLeavesItsTraces(string mode)
    {
        _workspace.AddCommand(
            "worker",
            "print",
            "hello from the agent",
            "env",
            "LOOP_MODE_SLUG",
            "env",
            "LOOP_TRUST_WORKSPACE",
            "mark",
            "starts",
            "await",
            "go",
            "exit",
            "0"
        );
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("nightly"));
        var server = mode == "http" ? await _workspace.StartHttpAsync("--trust-workspace") : _workspace.StartStdio("--trust-workspace");
        var client = await _workspace.ConnectAsync(server);

        var id = await client.RunOfScheduleAsync("nightly");
        await client.PrintedAsync(id, "LOOP_TRUST_WORKSPACE=");

        LoopWorkspace.Workers(id).Should().ContainSingle();
        _workspace.Rows(id).Should().ContainSingle("the start row is on disk before the work").Which.EndTime.Should().BeNull();
        var status = await client.CallAsync("get_status");
        status.GetProperty("running")[0].Text("run_id").Should().Be(id);
        status.GetProperty("schedules")[0].Text("last_outcome").Should().Be("running");
        status.GetProperty("schedules")[0].Text("last_occurrence_outcome").Should().Be("started");
        _workspace.Files.Write("go", string.Empty);
        var detail = await client.EndOfRunAsync(id);

        var run = detail;
        run.Text("state").Should().Be("succeeded");
        run.Text("schedule_id").Should().Be("nightly");
        run.Text("priority").Should().Be("schedule");
        run.GetProperty("exit_code").GetInt32().Should().Be(0);
        detail
            .Text("output_tail")
            .Should()
            .Contain("LOOP_MODE_SLUG=code")
            .And.Contain("LOOP_TRUST_WORKSPACE=\n", "an agent never inherits the user's word");
        File.ReadAllText(_workspace.FullPath(detail.Text("output_file"))).Should().StartWith("hello from the agent\n");
        var rows = _workspace.Rows(id);
        rows.Should().HaveCount(2);
        rows[0].EndTime.Should().BeNull();
        rows[1].Result.Should().Be("completed");
        rows.Should().OnlyContain(row => row.Task == "Schedule nightly" && row.Mode == "code" && row.Priority == "schedule");
        File.Exists(_workspace.FullPath("persistent-memory.md")).Should().BeFalse("a command that did as always is nothing to remember");
        var schedule = (await client.CallAsync("list_schedules")).GetProperty("schedules")[0];
        schedule.Text("last_run_id").Should().Be(id);
        schedule.GetProperty("next_occurrence").GetDateTimeOffset().Should().BeAfter(run.GetProperty("created_at").GetDateTimeOffset());
        (await client.CallAsync("list_runs", ("state", "succeeded"))).GetProperty("runs")[0].Text("run_id").Should().Be(id);
        _workspace.Marks("starts").Should().Be(1);
        _workspace.Files.Read(".loop/.gitignore").Trim().Should().Be("*");
    }

    [Fact]
    public async Task Schedules_EditedWhileRunning_ArePickedUp()
    {
        _workspace.AddCommand("worker", "print", "done");
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules();
        var client = await _workspace.ServeHereAsync();
        (await client.CallAsync("list_schedules")).GetProperty("schedules").GetArrayLength().Should().Be(0);

        _workspace.WriteSchedules(LoopWorkspace.DueNow("added"));

        await client.EndOfRunAsync(await client.RunOfScheduleAsync("added"));
    }

    [Fact]
    public async Task Schedules_BrokenWhileRunning_StayInForceAndTheErrorShows()
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("kept"));
        var client = await _workspace.ServeHereAsync();
        await client.RunOfScheduleAsync("kept");

        const string broken = "{\n  \"schedules\": [\n    { \"id\": \"kept\", ]\n}\n";
        _workspace.Files.Write("schedules.json", broken);

        var listed = await client.CallAsync("list_schedules");
        listed.GetProperty("schedules")[0].Text("id").Should().Be("kept");
        listed.GetProperty("findings")[0].GetString().Should().Contain("schedules.json:3:");
        (await client.CallAsync("get_status")).Lines("attention").Should().Contain("error(s) in the workspace's files");
        _workspace.Files.Read("schedules.json").Should().Be(broken);
    }

    [Fact]
    public async Task Schedule_Paused_DoesNotFireWhileAnotherDoes()
    {
        _workspace.AddCommand("worker", "print", "done");
        _workspace.WriteConfiguration("worker");
        await _workspace.PauseAsync("paused");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("paused"), LoopWorkspace.DueNow("other"));
        var client = await _workspace.ServeHereAsync();

        // Schedules are dealt with in the order of the file, so the paused one has been looked at when the other has run.
        await client.EndOfRunAsync(await client.RunOfScheduleAsync("other"));

        (await client.CallAsync("list_runs", ("schedule_id", "paused"))).GetProperty("runs").GetArrayLength().Should().Be(0);
        (await _workspace.LedgerAsync("paused")).Should().OnlyContain(static row => row.Outcome == OccurrenceOutcome.Skipped);
        var paused = (await client.CallAsync("list_schedules")).GetProperty("schedules")[0];
        paused.Text("paused").Should().Contain("a test says so");
        paused.TryGetProperty("next_occurrence", out _).Should().BeFalse();
    }

    [Fact]
    public async Task Untrusted_NothingIsExecuted_UntilATrustedProcessComes()
    {
        _workspace.AddCommand("worker", "mark", "starts");
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("held"));
        var client = await _workspace.ConnectAsync(await _workspace.StartHttpAsync());
        var id = await client.RunOfScheduleAsync("held");

        var refusal = await client.RefusalAsync("run_mode", ("mode", "code"), ("task", "now"));

        refusal.Should().Contain("--trust-workspace");
        var status = await client.CallAsync("get_status");
        status.GetProperty("trusted").GetBoolean().Should().BeFalse();
        status.Lines("attention").Should().Contain("1 run(s) are held back because this workspace is not trusted");
        status.GetProperty("queued")[0].Text("run_id").Should().Be(id);
        _workspace.Marks("starts").Should().Be(0);
        _workspace.Supervisors().Should().BeEmpty();
        _workspace.Rows(id).Should().BeEmpty();

        var (_, trusted) = await _workspace.ServeAsync();
        (await trusted.EndOfRunAsync(id)).Text("state").Should().Be("succeeded");
        _workspace.Marks("starts").Should().Be(1);
    }

    [Fact]
    public async Task TwoServers_OneFires_AndTheOtherTakesOverWhenItIsKilled()
    {
        _workspace.AddCommand("worker", "mark", "starts");
        _workspace.WriteConfiguration("worker");
        var servers = new[] { await _workspace.ServeAsync(), await _workspace.ServeAsync() };
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"));
        await servers[0].Client.EndOfRunAsync(await servers[0].Client.RunOfScheduleAsync("one"));
        _workspace.Marks("starts").Should().Be(1);
        (await _workspace.LedgerAsync()).Should().ContainSingle();
        var holder = await SchedulerAsync(servers[0].Client);
        holder.Should().BeOneOf(servers[0].Server.Id, servers[1].Server.Id);
        var (first, (second, client)) = holder == servers[0].Server.Id ? (servers[0].Server, servers[1]) : (servers[1].Server, servers[0]);

        first.Kill();
        await first.WaitForExitAsync();
        _workspace.WriteSchedules(LoopWorkspace.DueNow("one"), LoopWorkspace.DueNow("two"));

        await client.EndOfRunAsync(await client.RunOfScheduleAsync("two"));
        (await SchedulerAsync(client)).Should().Be(second.Id);
        _workspace.Marks("starts").Should().Be(2);
        (await _workspace.LedgerAsync()).Should().HaveCount(2).And.OnlyContain(static row => row.Outcome == OccurrenceOutcome.Started);

        static async Task<int> SchedulerAsync(McpClient client) =>
            int.Parse((await client.CallAsync("get_status")).Text("scheduler_process").Split(':')[0]);
    }

    [Fact]
    public async Task Schedule_ThatCanNeverFire_IsNamedWithItsReason()
    {
        var expired = LoopWorkspace.DueNow("expired");
        expired["expirationDate"] = "2020-01-01";
        var unknown = LoopWorkspace.DueNow("unknown", mode: "valdation-unit");
        _workspace.WriteSchedules(
            expired,
            unknown,
            new JsonObject
            {
                ["id"] = "cron",
                ["name"] = "cron",
                ["mode"] = "code",
                ["taskInstructions"] = "x",
                ["cron"] = "0 0 31 2 *",
                ["active"] = true,
            }
        );
        var client = await _workspace.ServeHereAsync();

        await Eventually.FindAsync("the outcome of the schedule with an unknown mode", async () =>
            (await _workspace.LedgerAsync("unknown")).Count > 0 ? "found" : null
        );

        var listed = await client.CallAsync("list_schedules");
        listed.Lines("findings").Should().Contain("schedule 'expired' can never fire").And.Contain("schedule 'cron' can never fire");
        var schedule = listed.GetProperty("schedules").EnumerateArray().Single(static schedule => schedule.Text("id") == "unknown");
        schedule.Text("last_occurrence_outcome").Should().Be("skipped");
        schedule.Text("last_reason").Should().Contain("valdation-unit").And.Contain("validation-unit");
        (await client.CallAsync("list_runs")).GetProperty("runs").GetArrayLength().Should().Be(0);
    }
}
