using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>Hand-offs that a client took for itself: kept while it lives, given back when it is gone.</summary>
public sealed class ClientLeaseTests : IDisposable
{
    private const int Lease = 300;

    private static readonly RunReport Done = new(RunState.Succeeded, "done", [], [], []);
    private static readonly RunCaller Client = RunCaller.OfSession("a client");
    private static readonly RunCaller Other = RunCaller.OfSession("another");

    private readonly TestWorkspace _test = new(new RunLimits { LeaseSeconds = Lease, TimeoutSeconds = 86_400 }, defaultAgent: "handoff");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Client_ThatLivesAndSaysNothing_KeepsItsRunAndReportsWithoutAToken()
    {
        var run = await TakeAsync(Client);
        await PassAsync(TimeSpan.FromHours(2));

        (await GetAsync(run)).Should().Match<Run>(going => going.State == RunState.Running && going.Attempt == 1);
        (await AttentionAsync(run)).Should().BeEmpty();
        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, Client, cancellationToken: Token)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Client_ThatLeft_LosesItsRunAtTheEndOfTheLeaseWithoutAnAttemptAndStatusSaysSo()
    {
        var run = await TakeAsync(Client);
        await PassAsync(TimeSpan.FromMinutes(10));
        var left = _test.Now;
        await _test.Workspace.Runs.LeaveAsync(Client, Token);

        (await AttentionAsync(run))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"its client is gone since {left:yyyy-MM-ddTHH:mm:ssZ}")
            .And.Contain("lease_token");
        await PassAsync(TimeSpan.FromSeconds(Lease - 100));
        (await GetAsync(run)).State.Should().Be(RunState.Running, "its client may come back with the token");
        await PassAsync(TimeSpan.FromSeconds(200));

        (await GetAsync(run))
            .Should()
            .Match<Run>(queued =>
                queued.State == RunState.Queued
                && queued.Tries == 0
                && queued.HolderGoneSince == left
                && queued.Reason!.Contains("its client is gone since")
            );
        (await AttentionAsync(run))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain($"waits again: its client is gone since {left:yyyy-MM-ddTHH:mm:ssZ}")
            .And.Contain("claim_run");
        (await RefusalAsync(run, Client, run.LeaseToken)).Should().Contain("too late");
        var second = (await _test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Other, Token))!;
        (await AttentionAsync(run)).Should().BeEmpty();
        (await RefusalAsync(run, Client, token: null)).Should().Contain("Give the lease_token");
        await _test.Workspace.Runs.CompleteAsync(run.Id, Done, Other, second.LeaseToken, Token);
    }

    [Fact]
    public async Task Process_ThatDied_IsNoticedAlsoWithoutAGoodBye()
    {
        var run = await _test.Workspace.Runs.RequestAsync(
            new RunRequest("code", "work") { Caller = new RunCaller { Owner = FakeSupervisors.Dead.ToString() } },
            Token
        );
        _test.Workspace.LeaseKeeper.Dispose();
        (await AttentionAsync(run)).Should().ContainSingle().Which.Should().Contain("its client is gone");
        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));
        var noticed = _test.Now;
        await PassAsync(TimeSpan.FromSeconds(Lease + 30));

        (await GetAsync(run)).Should().Match<Run>(queued => queued.State == RunState.Queued && queued.HolderGoneSince == noticed);
    }

    [Fact]
    public async Task Token_FromElsewhere_TakesOverWhatAGoneClientLeft()
    {
        var run = await TakeAsync(Client);
        await _test.Workspace.Runs.LeaveAsync(Client, Token);
        await PassAsync(TimeSpan.FromSeconds(Lease - 30));

        (await _test.Workspace.Runs.BeatAsync(run.Id, Other, run.LeaseToken, Token)).Should().BeTrue();

        (await AttentionAsync(run)).Should().BeEmpty();
        await PassAsync(TimeSpan.FromSeconds(Lease - 30));
        (await GetAsync(run)).State.Should().Be(RunState.Running);
        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, RunCaller.Unknown, run.LeaseToken, Token))
            .State.Should()
            .Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Restart_OfTheServer_ForgetsNoLeaseAndItsClientIsGone()
    {
        var run = await TakeAsync(Client);
        await _test.Workspace.Runs.LeaveAllAsync(Token);
        _test.Time.Advance(TimeSpan.FromHours(8));
        _test.Restart();
        await _test.RunPassAsync();
        (await GetAsync(run)).State.Should().Be(RunState.Running, "nobody was there in those hours");

        await PassAsync(TimeSpan.FromSeconds(Lease + 30));

        (await GetAsync(run)).State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task Lease_SleepAndClockJumps_DoesNotExpire()
    {
        var run = await TakeAsync(Client);
        await PassAsync(TimeSpan.FromMinutes(1));
        _test.Time.JumpWallClock(TimeSpan.FromHours(12));
        await _test.PassAfterAsync(TimeSpan.FromHours(8));
        await _test.Workspace.LeaseKeeper.Renewal;
        _test.Time.JumpWallClock(TimeSpan.FromHours(-12));
        await PassAsync(TimeSpan.FromMinutes(20));

        (await GetAsync(run)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Leave_OfOneClient_LeavesTheOthersAlone()
    {
        var gone = await TakeAsync(Client);
        var stays = await TakeAsync(Other);
        await _test.Workspace.Runs.LeaveAsync(Client, Token);
        await PassAsync(TimeSpan.FromSeconds(Lease + 60));

        (await GetAsync(gone)).State.Should().Be(RunState.Queued);
        (await GetAsync(stays)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Caller_OfWhomNothingIsKnown_HoldsByTheTokenAlone()
    {
        var run = await TakeAsync(RunCaller.Unknown);

        (await RefusalAsync(run, RunCaller.Unknown, token: null)).Should().Contain("Give the lease_token");
        await PassAsync(TimeSpan.FromSeconds(Lease / 2 + 30));
        (await AttentionAsync(run)).Should().ContainSingle().Which.Should().Contain("no sign of life");
        await PassAsync(TimeSpan.FromSeconds(Lease));
        (await GetAsync(run)).State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task HandOff_Queued_IsNobodysUntilItIsClaimed()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "later") { Caller = Client, QueuesHandOff = true }, Token);

        run.State.Should().Be(RunState.Queued);
        (await RefusalAsync(run, Client, token: null)).Should().Contain("claim_run first");
        (await _test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Client, Token))!.State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Report_WithoutAnId_NamesWhatTheCallerHolds()
    {
        var run = await TakeAsync(Client);
        var report = () => _test.Workspace.Runs.CompleteAsync(id: null, Done, Client, cancellationToken: Token);
        (await report.Should().ThrowAsync<UserErrorException>()).WithMessage($"run_id is missing*You hold {run.Id}: *");
        var bystander = () => _test.Workspace.Runs.CompleteAsync(id: null, Done, Other with { RunId = run.Id }, cancellationToken: Token);
        (await bystander.Should().ThrowAsync<UserErrorException>()).WithMessage("run_id is missing*stands in the brief's first line.");
    }

    [Fact]
    public async Task RebuiltDatabase_KnowsTheClient_AndItsFolderHoldsNoToken()
    {
        var run = await TakeAsync(Client);
        (await File.ReadAllTextAsync(Path.Combine(_test.Paths.Run(run.Id), "run.json"), Token)).Should().NotContain(run.LeaseToken);
        _test.Workspace.Dispose();
        foreach (var file in Directory.EnumerateFiles(_test.Paths.State, "state.db*"))
        {
            File.Delete(file);
        }

        _test.Restart();

        (await RefusalAsync(run, Other, token: null)).Should().Contain("taken by another client");
        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, Client, cancellationToken: Token)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Database_OfLeases_KeepsNoTokenAndNoSession()
    {
        var run = await TakeAsync(Client);
        var kept = await _test.Workspace.Database.ReadAsync(
            static connection =>
                connection
                    .Query(
                        "SELECT lease_token || ' ' || lease_owner || ' ' || (SELECT lease_token FROM attempts) FROM runs",
                        static reader => reader.GetString(0)
                    )
                    .Single(),
            Token
        );

        kept.Should().NotContain(run.LeaseToken).And.NotContain("a client").And.Contain(ProcessIdentity.Current.ToString());
    }

    private async Task<Run> TakeAsync(RunCaller caller)
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", $"for {caller.Owner}") { Caller = caller }, Token);
        run.State.Should().Be(RunState.Running);
        await _test.RunPassAsync();
        return run;
    }

    // As the loop looks: every half minute.
    private async Task PassAsync(TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(30))
        {
            _test.Time.Advance(left < TimeSpan.FromSeconds(30) ? left : TimeSpan.FromSeconds(30));
            await _test.Workspace.LeaseKeeper.Renewal;
            await _test.RunPassAsync();
        }
    }

    private async Task<IEnumerable<string>> AttentionAsync(Run run) =>
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Where(line => line.Contains(run.Id, StringComparison.Ordinal));

    private async Task<string> RefusalAsync(Run run, RunCaller caller, string? token)
    {
        var report = () => _test.Workspace.Runs.CompleteAsync(run.Id, Done, caller, token, Token);
        return (await report.Should().ThrowAsync<UserErrorException>()).Which.Message;
    }

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);
}
