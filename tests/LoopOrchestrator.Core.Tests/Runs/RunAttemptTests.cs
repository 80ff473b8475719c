using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>A run over several attempts.</summary>
public sealed class RunAttemptTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Failure_IsTriedThreeTimesWithPauses_AndEachAttemptKeepsItsOutput()
    {
        var run = await StartAsync();
        await FailAsync(run, "first output");
        (await GetAsync(run))
            .Should()
            .Match<Run>(queued => queued.State == RunState.Queued && queued.Tries == 1 && queued.Reason!.Contains("attempt 2 of 3"));
        await _test.PassAfterAsync(TimeSpan.FromSeconds(9.9));
        _test.Supervisors.Orders.Should().ContainSingle("the pause is 10 s at least");

        await _test.PassAfterAsync(TimeSpan.FromSeconds(2.6));
        await FailAsync(run, "second output");
        await _test.PassAfterAsync(TimeSpan.FromSeconds(25));
        (await BriefAsync(run)).Should().Contain("Attempt 1: failed").And.Contain("Attempt 2: failed");
        await FailAsync(run, "third output");

        (await GetAsync(run))
            .Should()
            .Match<Run>(ended => ended.State == RunState.Failed && ended.Attempt == 3 && ended.Tries == 3 && ended.NotBefore == null);
        (await _test.Workspace.Runs.AttemptsAsync(run.Id, Token))
            .Should()
            .HaveCount(3)
            .And.OnlyContain(attempt => attempt.Outcome == RunState.Failed && attempt.ExitCode == 7 && attempt.Command == "sh -c true");
        Enumerable
            .Range(1, 3)
            .Select(number => RunFolder.Of(_test.Paths.Run(run.Id), number).ReadOutcome()!.OutputTail)
            .Should()
            .Equal("first output", "second output", "third output");
        await _test.PassAfterAsync(TimeSpan.FromHours(1));
        _test.Supervisors.Orders.Should().HaveCount(3);
    }

    [Fact]
    public async Task Retry_ThatSucceeds_IsOneRowOfTimeFromTheFirstStartToTheLastEnd()
    {
        var run = await StartAsync();
        var started = _test.Now;
        await FailAsync(run);
        await _test.PassAfterAsync(TimeSpan.FromSeconds(13));
        _test.Time.Advance(TimeSpan.FromSeconds(7));
        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .Match<Run>(ended => ended.State == RunState.Succeeded && ended.Failure == null && ended.StartedAt == started);
        Rows(run).Should().HaveCount(2).And.ContainSingle(row => row.DurationSeconds == 20 && row.Result == "completed");
    }

    [Fact]
    public async Task Retry_KilledServer_TheNextOneGoesOn()
    {
        var run = await StartAsync();
        await FailAsync(run);
        _test.Restart();
        await _test.PassAfterAsync(TimeSpan.FromSeconds(13));
        _test.Supervisors.Orders.Should().HaveCount(2);
        _test.Supervisors.Die(run.Id);
        _test.Restart();
        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .Match<Run>(
                ended => ended.State == RunState.Interrupted && ended.Attempt == 2,
                "the outcome of the first attempt is not the second one's"
            );
        Rows(run).Should().HaveCount(2);
    }

    [Fact]
    public async Task Retry_ServerDiedBeforeItBegan_GoesBackAsIfItHadNotBeenTaken()
    {
        var run = await StartAsync();
        var started = _test.Now;
        await FailAsync(run);
        _test.Time.Advance(TimeSpan.FromSeconds(13));
        using (var database = _test.OpenDatabase())
        {
            (
                await new SqliteRunStore(database).TryStartAsync(
                    run.Id,
                    new RunStart(_test.Now) { Executor = FakeSupervisors.Dead.ToString() },
                    Token
                )
            )
                .Should()
                .BeTrue();
        }

        await _test.SweepAsync();
        (await GetAsync(run))
            .Should()
            .Match<Run>(back =>
                back.State == RunState.Queued
                && back.Attempt == 1
                && back.StartedAt == started
                && back.AttemptStartedAt == started
                && back.Executor == null
                && back.Tries == 1
            );
        (await _test.Workspace.Runs.AttemptsAsync(run.Id, Token)).Should().ContainSingle().Which.Outcome.Should().Be(RunState.Failed);

        await _test.RunPassAsync();
        (await GetAsync(run)).Should().Match<Run>(again => again.State == RunState.Running && again.Attempt == 2);
        _test.Supervisors.Orders.Should().HaveCount(2);
    }

    [Fact]
    public async Task Folder_OfAnAttemptThatNobodyMade_ChangesNothingThatIsShown()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.RunPassAsync();
        var own = RunFolder.Of(_test.Paths.Run(run.Id), 1);
        await File.WriteAllTextAsync(own.Output, "true output", Token);
        var planted = RunFolder.Of(_test.Paths.Run(run.Id), 9);
        planted.Create();
        await File.WriteAllTextAsync(planted.Brief, "another brief", Token);
        await File.WriteAllTextAsync(planted.Output, "another output", Token);

        var now = await GetAsync(run);
        _test.Workspace.Runs.Brief(now).Should().NotBeNull().And.NotContain("another brief");
        _test.Workspace.Runs.OutputFile(now).Should().Be(own.Output);
        RunFolder.Latest(_test.Paths.Run(run.Id)).FullPath.Should().Be(own.FullPath, "the planted folder does not say which attempt it is");
    }

    [Fact]
    public async Task Warning_OfTimeNearlyOver_IsEachAttemptsOwn()
    {
        var run = await StartAsync();
        RunFolder.Of(_test.Paths.Run(run.Id), 1).Write(new SupervisorWarning(_test.Now));
        await _test.RunPassAsync();
        await FailAsync(run);
        await _test.PassAfterAsync(TimeSpan.FromSeconds(13));
        await _test.RunPassAsync();
        (await WarningsAsync()).Should().ContainSingle("the second attempt has just begun");
        RunFolder.Of(_test.Paths.Run(run.Id), 2).Write(new SupervisorWarning(_test.Now));
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await WarningsAsync()).Should().HaveCount(2).And.ContainSingle(static text => text.StartsWith("warning: attempt 2 has used 80 %"));

        async Task<List<string>> WarningsAsync() =>
            [
                .. (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token))
                    .Select(static decision => decision.Text)
                    .Where(static text => text.StartsWith("warning:", StringComparison.Ordinal)),
            ];
    }

    [Fact]
    public async Task Program_Missing_IsNotTriedAgain()
    {
        var run = await StartAsync();
        _test.Supervisors.End(
            run.Id,
            new SupervisorOutcome
            {
                End = SupervisorEnd.NotStarted,
                Reason = "no such file",
                EndedAt = _test.Now,
            }
        );
        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .Match<Run>(ended => ended.State == RunState.Failed && ended.Failure == RunFailure.Configuration && ended.Attempt == 1);
    }

    [Fact]
    public async Task UsageLimit_WaitsForItsReset_AndItsScheduleAndAgentWithIt()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        var run = (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();
        var reset = _test.Now.AddMinutes(45);
        _test.Supervisors.End(
            run.Id,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                ExitCode = 1,
                Reason = "limit",
                EndedAt = _test.Now,
                Account = new AgentAccount { UsageLimit = new AgentUsageLimit("five_hour", reset) },
            }
        );
        await _test.RunPassAsync();
        var other = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "other work of the same agent"), Token);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(44));

        (await GetAsync(run))
            .Should()
            .Match<Run>(waiting =>
                waiting.State == RunState.Queued && waiting.Tries == 0 && waiting.NotBefore == reset && !waiting.StopRowPending
            );
        (await GetAsync(other)).State.Should().Be(RunState.Queued);
        Rows(run).Should().HaveCount(2, "the wait is no time spent");
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain(line => line.Contains("usage limit", StringComparison.Ordinal));
        var history = await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token);
        history.Where(row => row.Outcome == OccurrenceOutcome.Coalesced).Sum(row => row.Count).Should().Be(4);

        await _test.PassAfterAsync(TimeSpan.FromMinutes(1));

        (await GetAsync(run)).Should().Match<Run>(going => going.State == RunState.Running && going.Attempt == 2);
        (await GetAsync(other)).State.Should().Be(RunState.Running);
        Rows(run).Should().HaveCount(3);
    }

    [Fact]
    public async Task Pause_DropsARunThatWaitsForItsNextAttempt_AndClosesItsRow()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        var run = (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();
        await FailAsync(run);
        await _test.Workspace.Schedules.PauseAsync("s", "enough", Token);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(1));

        (await GetAsync(run)).State.Should().Be(RunState.Cancelled);
        Rows(run).Should().HaveCount(2).And.ContainSingle(row => row.Result == "cancelled");
        _test.Supervisors.Orders.Should().ContainSingle();
    }

    [Fact]
    public async Task Failure_OfAPausedSchedule_IsNotTriedAgain()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        var run = (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Single();
        await _test.Workspace.Schedules.PauseAsync(ScheduleState.AllSchedules, "holiday", Token);
        await FailAsync(run);

        (await GetAsync(run)).Should().Match<Run>(ended => ended.State == RunState.Failed && ended.Reason!.Contains("holiday"));
    }

    [Fact]
    public async Task Answer_ResumesWithTheAnswersInTheBrief_AndTimeOfWaitingIsNotSpent()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "paint") { Agent = "handoff" }, Token);
        await _test.Workspace.Runs.CompleteAsync(
            run.Id,
            new RunReport(RunState.NeedsInput, "which colour", [], [], ["Red or blue?", "Gloss?"]),
            leaseToken: run.LeaseToken,
            cancellationToken: Token
        );
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain(line => line.Contains(run.Id, StringComparison.Ordinal) && line.Contains("answer_run", StringComparison.Ordinal));
        var tooFew = () => _test.Workspace.Runs.AnswerAsync(run.Id, ["Red"], Token);
        (await tooFew.Should().ThrowAsync<UserErrorException>()).WithMessage("*2 question(s)*(2) Gloss?*");
        _test.Time.Advance(TimeSpan.FromHours(5));

        (await _test.Workspace.Runs.AnswerAsync(run.Id, ["Red", "No"], Token)).State.Should().Be(RunState.Queued);
        var claimed = await _test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Token);

        (await BriefAsync(run)).Should().Contain("Red or blue? Answer: Red").And.Contain("Gloss? Answer: No");
        await _test.Workspace.Runs.CompleteAsync(
            run.Id,
            new RunReport(RunState.Succeeded, "red", [], [], []),
            leaseToken: claimed!.LeaseToken,
            cancellationToken: Token
        );
        (await GetAsync(run)).State.Should().Be(RunState.Succeeded);
        Rows(run).Should().HaveCount(4);
        Rows(run).Sum(row => row.DurationSeconds ?? 0).Should().Be(0);
        var again = () => _test.Workspace.Runs.AnswerAsync(run.Id, ["Red", "No"], Token);
        (await again.Should().ThrowAsync<UserErrorException>()).WithMessage("*succeeded*asks nothing*");
    }

    [Fact]
    public async Task LateJudgement_OfAnEarlierAttempt_ChangesNothing()
    {
        var run = await StartAsync();
        await FailAsync(run);
        var other = new SqliteRunStore(_test.OpenDatabase());
        var late = new RunEnd(RunState.Failed, _test.Now, "seen late") { Attempt = 1 };

        (await other.EndAttemptAsync(run.Id, late, new RunEndPolicy(new RunLimits(), []), Token)).Should().BeNull();
        (await GetAsync(run)).Tries.Should().Be(1);
    }

    private async Task<Run> StartAsync()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.RunPassAsync();
        return await GetAsync(run);
    }

    private Task FailAsync(Run run, string output = "")
    {
        _test.Supervisors.End(
            run.Id,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                Reason = "it ended with exit code 7",
                EndedAt = _test.Now,
                ExitCode = 7,
                OutputTail = output,
            }
        );
        return _test.RunPassAsync();
    }

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);

    private async Task<string> BriefAsync(Run run) => _test.Workspace.Runs.Brief(await GetAsync(run))!;

    private List<TimingEntry> Rows(Run run) => [.. TimingLogReader.Read(_test.Paths).Entries.Where(row => row.TaskId == run.Id)];
}
