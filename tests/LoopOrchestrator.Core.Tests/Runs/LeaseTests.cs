using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>Who holds a claimed hand-off, and until when.</summary>
public sealed class LeaseTests : IDisposable
{
    private static readonly RunReport Done = new(RunState.Succeeded, "done", [], [], []);

    private readonly TestWorkspace _test = new(new RunLimits { LeaseSeconds = 300, TimeoutSeconds = 86_400 }, defaultAgent: "handoff");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task SilentHolder_LosesTheRun_AndItsLateReportIsRefusedWithTheReason()
    {
        var first = await ClaimAsync();
        await PassAsync(TimeSpan.FromSeconds(299));
        (await GetAsync(first)).State.Should().Be(RunState.Running);
        await PassAsync(TimeSpan.FromSeconds(2));
        (await GetAsync(first))
            .Should()
            .Match<Run>(queued => queued.State == RunState.Queued && queued.Tries == 0 && queued.LostLeases == 1 && queued.Lease == null);
        Rows(first).Should().HaveCount(2, "nobody works on it now");
        (await RefusalAsync(first)).Should().Contain("too late").And.Contain("the lease expired").And.Contain("waits to be claimed again");

        var second = await TakeAsync(first.Id);
        second.LeaseToken.Should().NotBe(first.LeaseToken);
        (await RefusalAsync(first)).Should().Contain("too late").And.Contain("Somebody else works on it").And.Contain("attempt 2");
        await _test.Workspace.Runs.CompleteAsync(second.Id, Done, leaseToken: second.LeaseToken, cancellationToken: Token);

        (await GetAsync(first)).Should().Match<Run>(ended => ended.State == RunState.Succeeded && ended.Summary == "done");
        (await RefusalAsync(first)).Should().Contain("has ended already");
        Rows(first).Should().HaveCount(4);
    }

    [Fact]
    public async Task Claim_WhoseCallerLeftMeanwhile_WaitsAgainAsIfNobodyHadTakenIt()
    {
        var lost = await ClaimAsync();

        await _test.Workspace.Runs.GiveBackAsync(lost);

        (await GetAsync(lost))
            .Should()
            .Match<Run>(queued => queued.State == RunState.Queued && queued.Attempt == 0 && queued.LostLeases == 0 && queued.Lease == null);
        (await RefusalAsync(lost)).Should().Contain("not yet anybody's");
        var taken = await TakeAsync(lost.Id);
        await _test.Workspace.Runs.CompleteAsync(taken.Id, Done, leaseToken: taken.LeaseToken, cancellationToken: Token);
        Rows(lost).Should().HaveCount(2, "one start and one stop");
    }

    [Fact]
    public async Task Report_OfAClaim_NeedsItsToken()
    {
        var claimed = await ClaimAsync();
        (await RefusalAsync(claimed with { LeaseToken = null })).Should().Contain("Give the lease_token");
        (await RefusalAsync(claimed with { LeaseToken = "guessed" })).Should().Contain("not the one");
        var own = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "by the caller itself"), Token);
        (await RefusalAsync(own with { LeaseToken = claimed.LeaseToken })).Should().Contain("not the one");

        (await _test.Workspace.Runs.CompleteAsync(own.Id, Done, leaseToken: own.LeaseToken, cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
        (await GetAsync(claimed)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Holder_ThatCalls_KeepsTheRun()
    {
        var run = await ClaimAsync();
        for (var i = 0; i < 6; i++)
        {
            await PassAsync(TimeSpan.FromSeconds(240));
            (await _test.Workspace.Runs.BeatAsync(run.Id, leaseToken: run.LeaseToken, cancellationToken: Token)).Should().BeTrue();
        }

        (await GetAsync(run)).Should().Match<Run>(going => going.State == RunState.Running && going.Attempt == 1);
        await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "a part of it") { ParentRunId = run.Id }, Token);
        await PassAsync(TimeSpan.FromSeconds(290));
        (await GetAsync(run)).State.Should().Be(RunState.Running, "a sub-run names it, too");
        await PassAsync(TimeSpan.FromSeconds(40));
        (await GetAsync(run)).State.Should().Be(RunState.Queued);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(-12)]
    public async Task Lease_WallClockJumps_NeitherExpiresNorLastsLonger(int hours)
    {
        var run = await ClaimAsync();
        await PassAsync(TimeSpan.FromSeconds(100));
        _test.Time.JumpWallClock(TimeSpan.FromHours(hours));
        await PassAsync(TimeSpan.FromSeconds(190));
        (await GetAsync(run)).State.Should().Be(RunState.Running);

        await PassAsync(TimeSpan.FromSeconds(15));

        (await GetAsync(run)).State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task Sleep_AndTimeWithoutAServer_DoNotCount()
    {
        var run = await ClaimAsync();
        await PassAsync(TimeSpan.FromSeconds(100));
        await _test.PassAfterAsync(TimeSpan.FromHours(8));
        (await GetAsync(run)).State.Should().Be(RunState.Running, "the machine slept");
        _test.Time.Advance(TimeSpan.FromHours(8));
        _test.Restart();
        await _test.RunPassAsync();
        await PassAsync(TimeSpan.FromSeconds(120));
        (await GetAsync(run)).State.Should().Be(RunState.Running);

        await PassAsync(TimeSpan.FromSeconds(30));

        (await GetAsync(run)).State.Should().Be(RunState.Queued, "what counted before the restart still counts");
    }

    [Fact]
    public async Task Bystander_ThatLooks_DoesNotKeepTheRunForAHolderWhoIsGone()
    {
        var run = await ClaimAsync();
        for (var i = 0; i < 11; i++)
        {
            (await _test.Workspace.Runs.BeatAsync(run.Id, cancellationToken: Token)).Should().BeFalse();
            (await _test.Workspace.Runs.BeatAsync(run.Id, RunCaller.OfSession("another"), "guessed", Token)).Should().BeFalse();
            await PassAsync(TimeSpan.FromSeconds(30));
        }

        (await GetAsync(run)).State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task LeaseLostAgainAndAgain_CountsAfterTheFirstTimes_AndHasFailedInTheEnd()
    {
        var run = await ClaimAsync();
        var tries = new List<int>();
        for (var lost = 1; lost <= RetryRules.MaxFreeLosses + new RunLimits().MaxAttempts; lost++)
        {
            await PassAsync(TimeSpan.FromSeconds(330));
            var now = await GetAsync(run);
            tries.Add(now.Tries);
            if (now.State == RunState.Queued)
            {
                await TakeAsync(run.Id);
            }
        }

        tries.Should().Equal(0, 0, 0, 1, 2, 3);
        (await GetAsync(run)).Should().Match<Run>(ended => ended.State == RunState.Failed && ended.Failure == RunFailure.Lease);
    }

    [Fact]
    public async Task ReportThatStandsWhenItsServerIsKilled_EndsTheRun_NotTheLease()
    {
        var run = await ClaimAsync();
        (await new SqliteRunStore(_test.OpenDatabase()).TryReportAsync(await GetAsync(run), Done, Token)).Should().BeTrue();
        await PassAsync(TimeSpan.FromSeconds(600));

        (await GetAsync(run)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Database_Rebuilt_KnowsTheLease()
    {
        var run = await ClaimAsync();
        _test.Workspace.Dispose();
        foreach (var file in Directory.EnumerateFiles(_test.Paths.State, "state.db*"))
        {
            File.Delete(file);
        }

        _test.Restart();

        (await RefusalAsync(run with { LeaseToken = "guessed" })).Should().Contain("not the one");
        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, leaseToken: run.LeaseToken, cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
    }

    private async Task<Run> ClaimAsync()
    {
        _test.WriteSchedules(TestWorkspace.Every(100_000));
        await _test.RunPassAsync();
        return await TakeAsync(id: null);
    }

    // A claim rings, so that the loop looks at once.
    private async Task<Run> TakeAsync(string? id)
    {
        var run = (await _test.Workspace.Runs.ClaimAsync(id, mode: null, Token))!;
        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));
        return run;
    }

    // As the loop looks: every half minute.
    private async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(30))
        {
            await _test.PassAfterAsync(left < TimeSpan.FromSeconds(30) ? left : TimeSpan.FromSeconds(30));
        }
    }

    private async Task<string> RefusalAsync(Run run)
    {
        var report = () =>
            _test.Workspace.Runs.CompleteAsync(
                run.Id,
                new RunReport(RunState.Failed, "late", [], [], []),
                leaseToken: run.LeaseToken,
                cancellationToken: Token
            );
        return (await report.Should().ThrowAsync<UserErrorException>()).Which.Message;
    }

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);

    private List<TimingEntry> Rows(Run run) => [.. TimingLogReader.Read(_test.Paths).Entries.Where(row => row.TaskId == run.Id)];
}
