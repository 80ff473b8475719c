namespace LoopOrchestrator.Mcp.Tests.Door;

/// <summary>Work that the client's own agent does. It needs no word of trust, for nothing is executed.</summary>
public sealed class HandOffTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("http")]
    [InlineData("stdio")]
    public async Task RunMode_HandsTheBriefOver_AndCompleteRunEndsIt(string mode)
    {
        var client = await _workspace.ConnectAsync(mode == "http" ? await _workspace.StartHttpAsync() : _workspace.StartStdio());

        var run = await client.CallAsync("run_mode", ("mode", "implementation-core"), ("task", "Build the thing."), ("wait_seconds", 50));

        run.Text("state").Should().Be("running");
        run.Text("agent").Should().Be("handoff");
        var id = run.Text("run_id");
        run.Text("brief").Should().Contain("Build the thing.").And.Contain(id).And.Contain("complete_run");
        run.Text("next").Should().Contain("complete_run");
        var ended = await client.CallAsync(
            "complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "The thing is built; its tests pass."), ("findings", new[] { "The thing needs oil." }), ("follow_ups", new[] { "Paint it." }));
        ended.Text("state").Should().Be("succeeded");
        var kept = await client.CallAsync("get_run", ("run_id", id));
        kept.Text("summary").Should().Be("The thing is built; its tests pass.");
        kept.GetProperty("follow_ups")[0].GetString().Should().Be("Paint it.");
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "completed");
        _workspace.Files.Read("persistent-memory.md").Should().Contain("The thing needs oil.");
        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "failed"), ("summary", "No."))).Should().Contain("has ended already");
        (await client.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("succeeded");
    }

    [Fact]
    public async Task ClaimRun_TakesADueHandOff_AndTheLimitOfTimeEndsOneThatNobodyReports()
    {
        var schedule = LoopWorkspace.DueNow("waits", mode: "planning-analysis");
        schedule["timeoutSeconds"] = 2;
        _workspace.WriteSchedules(schedule);
        var client = await _workspace.ConnectAsync(await _workspace.StartHttpAsync());
        var id = await client.RunOfScheduleAsync("waits");
        (await client.CallAsync("get_status")).Lines("attention").Should().Contain("claim_run");
        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "x"))).Should().Contain("claim_run first");
        (await client.CallAsync("claim_run", ("mode", "code"))).TryGetProperty("run_id", out _).Should().BeFalse("no hand-off of that mode waits");

        var claimed = await client.CallAsync("claim_run", ("mode", "planning-analysis"));

        claimed.Text("run_id").Should().Be(id);
        claimed.Text("brief").Should().Contain("Do the work of waits.");
        (await client.RefusalAsync("claim_run", ("run_id", id))).Should().Contain("cannot be claimed");
        (await client.CallAsync("claim_run")).TryGetProperty("run_id", out _).Should().BeFalse();
        var run = (await client.EndOfRunAsync(id));
        run.Text("state").Should().Be("timed_out");
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "timed_out");
    }

    [Fact]
    public async Task CompleteRun_NeedingInput_NeedsQuestions()
    {
        var client = await _workspace.ConnectAsync(_workspace.StartStdio());
        var id = (await client.CallAsync("run_mode", ("mode", "code"), ("task", "Choose."))).Text("run_id");

        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "needs_input"), ("summary", "I cannot choose."))).Should().Contain("questions");

        var run = await client.CallAsync("complete_run", ("run_id", id), ("outcome", "needs_input"), ("summary", "I cannot choose."), ("questions", new[] { "Red or blue?" }));
        run.Text("state").Should().Be("needs_input");
        (await client.CallAsync("get_run", ("run_id", id))).GetProperty("questions")[0].GetString().Should().Be("Red or blue?");
    }
}
