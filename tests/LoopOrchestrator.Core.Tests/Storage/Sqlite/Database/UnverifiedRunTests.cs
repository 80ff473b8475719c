using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>
/// What files tell after the database was lost ends runs, and proves nothing: whoever works in the workspace can write them.
/// </summary>
public sealed class UnverifiedRunTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits { MaxAttempts = 2, FailuresToEscalate = 1 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rebuild_RunThatHadEnded_EndsAsToldButUnverified(bool isRowLeft)
    {
        var run = await StartAsync();
        _test.Supervisors.End(run);
        await _test.RunPassAsync();
        (await GetAsync(run)).Should().Match<Run>(static ended => ended.State == RunState.Succeeded && !ended.IsUnverified);
        if (!isRowLeft)
        {
            File.Delete(_test.Paths.Timing);
        }

        LoseDatabase();

        (await GetAsync(run))
            .Should()
            .Match<Run>(static ended => ended.State == RunState.Succeeded && ended.IsUnverified && ended.Reason!.Contains("not verified"));
    }

    [Fact]
    public async Task Rebuild_RunThatGoesOn_EndsUnverifiedAndRecoversNothing()
    {
        var failed = await StartAsync("the same");
        _test.Supervisors.End(failed, exitCode: 1);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromHours(1));
        LoseDatabase();
        await _test.Workspace.Database.WriteAsync(
            static (connection, _) =>
                connection.Execute(
                    "INSERT INTO escalations (step, mode, task, runs, since, reason) SELECT @step, mode, task, '[]', 0, "
                        + "'it failed' FROM runs",
                    (
                        "@step",
                        Core.Escalations.StepKey.Of(
                            RunRows.Find(connection, connection.Query("SELECT id FROM runs", static reader => reader.GetString(0))[0])!
                        )
                    )
                ),
            Token
        );

        _test.Supervisors.End(failed);
        await _test.RunPassAsync();

        (await GetAsync(failed))
            .Should()
            .Match<Run>(static ended => ended.State == RunState.Succeeded && ended.IsUnverified && ended.Reason!.Contains("not verified"));
        (
            await _test.Workspace.Database.ReadAsync(
                static connection => connection.Scalar("SELECT COUNT(*) FROM escalations WHERE recovered_run_id IS NOT NULL"),
                Token
            )
        )
            .Should()
            .Be(0);
    }

    [Fact]
    public async Task Rebuild_OutcomeBesideALivingSupervisor_IsNotTaken()
    {
        var run = await StartAsync();
        var folder = new RunFolder(_test.Paths.Run(run));
        folder.Write(TestAgents.Outcome(SupervisorEnd.Exited, 0));
        using (FileLock.TryAcquire(folder.SupervisorLock))
        {
            File.Delete(_test.Paths.Timing);
            LoseDatabase();

            (await GetAsync(run)).State.Should().Be(RunState.Running);
        }
    }

    [Fact]
    public async Task Retry_AfterARebuild_IsSeenByUsAgain()
    {
        var run = await StartAsync();
        LoseDatabase();
        _test.Supervisors.End(run, exitCode: 1);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromHours(1));
        _test.Supervisors.End(run);

        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .Match<Run>(static ended => ended.State == RunState.Succeeded && ended.Attempt == 2 && !ended.IsUnverified);
    }

    [Fact]
    public async Task Rebuild_OfEndedAndGoingRuns_HasTheirAttemptsAndWhatTheyCost()
    {
        var ended = await StartAsync();
        var account = new AgentAccount { CostUsd = 1.5 };
        _test.Supervisors.End(
            ended,
            TestAgents.Outcome(SupervisorEnd.Exited, 0) with
            {
                EndedAt = _test.Time.GetUtcNow(),
                Account = account,
            }
        );
        await _test.RunPassAsync();
        var going = await StartAsync("more");
        var before = await AttemptAsync(ended);
        (await SpentAsync()).Should().Be(1.5);

        LoseDatabase();

        (await SpentAsync()).Should().Be(1.5);
        var after = await AttemptAsync(ended);
        (after.Number, after.EndedAt, after.Outcome, after.CostUsd).Should().Be((1, before.EndedAt, RunState.Succeeded, 1.5));
        (await AttemptAsync(going)).EndedAt.Should().BeNull();
        _test.Supervisors.End(going);
        await _test.RunPassAsync();
        (await AttemptAsync(going)).Outcome.Should().Be(RunState.Succeeded);
    }

    private Task<double> SpentAsync() =>
        _test.Workspace.Database.ReadAsync(static connection => BudgetRows.SpentSince(connection, DateTimeOffset.UnixEpoch).CostUsd, Token);

    private async Task<RunAttempt> AttemptAsync(string id) =>
        (await _test.Workspace.Runs.AttemptsAsync(id, Token)).Should().ContainSingle().Subject;

    private async Task<string> StartAsync(string task = "work")
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.ComeUp(order.RunId);
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", task), Token);
        await _test.RunPassAsync();
        return run.Id;
    }

    private void LoseDatabase()
    {
        _test.Workspace.Dispose();
        SqliteConnection.ClearAllPools();
        foreach (var file in Directory.EnumerateFiles(_test.Paths.State, "state.db*"))
        {
            File.Delete(file);
        }

        _test.Restart();
    }

    private Task<Run> GetAsync(string id) => _test.Workspace.Runs.GetAsync(id, Token);
}
