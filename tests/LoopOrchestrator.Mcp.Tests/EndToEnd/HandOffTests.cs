using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

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
        run.GetProperty("lease_seconds").GetInt32().Should().Be(900);
        (string, object?)[] token = [];
        if (mode == "http")
        {
            // Without a session nobody can say that it is the same client.
            (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "x")))
                .Should()
                .Contain("Give the lease_token");
            token = [("lease_token", run.Text("lease_token"))];
        }

        (await client.RefusalAsync("complete_run", ("outcome", "succeeded"), ("summary", "x"))).Should().Contain("run_id is missing");
        var ended = await client.CallAsync(
            "complete_run",
            [
                ("run_id", id),
                ("outcome", "succeeded"),
                ("summary", "The thing is built; its tests pass."),
                ("findings", new[] { "The thing needs oil." }),
                ("follow_ups", new[] { "Paint it." }),
                .. token,
            ]
        );
        ended.Text("state").Should().Be("succeeded");
        var kept = await client.CallAsync("get_run", ("run_id", id));
        kept.Text("summary").Should().Be("The thing is built; its tests pass.");
        kept.GetProperty("follow_ups")[0].GetString().Should().Be("Paint it.");
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "completed");
        _workspace.Files.Read("persistent-memory.md").Should().Contain("The thing needs oil.");
        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "failed"), ("summary", "No.")))
            .Should()
            .Contain("has ended already");
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
        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "x")))
            .Should()
            .Contain("claim_run first");
        (await client.CallAsync("claim_run", ("mode", "code")))
            .TryGetProperty("run_id", out _)
            .Should()
            .BeFalse("no hand-off of that mode waits");

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
    public async Task RunMode_InASession_IsReportedFromThereAloneAndIsGoneWithIt()
    {
        var server = await _workspace.StartHttpAsync();
        var cancellation = TestContext.Current.CancellationToken;
        var holder = await server.ConnectHttpAsync(ProtocolEra.Initialize, token: null, cancellation);
        var bystander = _workspace.Keep(await server.ConnectHttpAsync(ProtocolEra.Initialize, token: null, cancellation));
        var first = (await holder.CallAsync("run_mode", ("mode", "code"), ("task", "First."))).Text("run_id");
        var second = await holder.CallAsync("run_mode", ("mode", "code"), ("task", "Second."));

        (await bystander.RefusalAsync("complete_run", ("run_id", first), ("outcome", "succeeded"), ("summary", "x")))
            .Should()
            .Contain("taken by another client");
        (await holder.CallAsync("complete_run", ("run_id", first), ("outcome", "succeeded"), ("summary", "done")))
            .Text("state")
            .Should()
            .Be("succeeded");
        await holder.DisposeAsync();

        await Eventually.FindAsync("the word that the client is gone", async () =>
            (await bystander.CallAsync("get_status")).Lines("attention").Contains("its client is gone since", StringComparison.Ordinal)
                ? "said"
                : null
        );
        (
            await bystander.CallAsync(
                "complete_run",
                ("run_id", second.Text("run_id")),
                ("outcome", "succeeded"),
                ("summary", "done"),
                ("lease_token", second.Text("lease_token"))
            )
        )
            .Text("state")
            .Should()
            .Be("succeeded");
    }

    [Fact]
    public async Task ClaimRun_ThatWaits_TellsProgressAndGetsTheNextHandOffUnlessItsClientLeaves()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        var (leaving, isWaiting) = (new CancellationTokenSource(), new TaskCompletionSource<ProgressNotificationValue>());
        var left = client.CallToolAsync(
            "claim_run",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["wait_seconds"] = 45 },
            new Told(isWaiting),
            cancellationToken: leaving.Token
        );
        (await isWaiting.Task.WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken)).Total.Should().Be(45);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await left);

        var staying = client.CallAsync("claim_run", ("wait_seconds", 45));
        _workspace.WriteSchedules(LoopWorkspace.DueNow("next"));

        var claimed = await staying;
        claimed.Text("brief").Should().Contain("Do the work of next.");
        (await client.CallAsync("claim_run", ("wait_seconds", 1)))
            .Text("next")
            .Should()
            .Contain("within 1 s")
            .And.Contain("claim_run again");
    }

    [Fact]
    public async Task CompleteRun_NeedingInput_NeedsQuestions()
    {
        var client = await _workspace.ServeHereAsync(trusted: false);
        var id = (await client.CallAsync("run_mode", ("mode", "code"), ("task", "Choose."))).Text("run_id");

        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "needs_input"), ("summary", "I cannot choose.")))
            .Should()
            .Contain("questions");

        var run = await client.CallAsync(
            "complete_run",
            ("run_id", id),
            ("outcome", "needs_input"),
            ("summary", "I cannot choose."),
            ("questions", new[] { "Red or blue?" })
        );
        run.Text("state").Should().Be("needs_input");
        (await client.CallAsync("get_run", ("run_id", id))).GetProperty("questions")[0].GetString().Should().Be("Red or blue?");
    }

    private sealed class Told(TaskCompletionSource<ProgressNotificationValue> told) : IProgress<ProgressNotificationValue>
    {
        public void Report(ProgressNotificationValue value) => told.TrySetResult(value);
    }
}
