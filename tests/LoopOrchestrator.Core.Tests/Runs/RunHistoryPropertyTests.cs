using CsCheck;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>
/// Whatever happens to runs in whatever order, with the server killed at any moment between two steps: nobody holds a run together with
/// somebody else, attempts stay within their limit, every due moment has one outcome, every failure is counted once.
/// </summary>
public sealed class RunHistoryPropertyTests
{
    private const int MaxAttempts = 2;
    private const int LeaseSeconds = 60;
    private const int ToEscalate = 3;

    private enum Step
    {
        Fire,
        Pass,
        Wait,
        Claim,
        Beat,
        ExpireLease,
        Complete,
        LateReport,
        Fail,
        Succeed,
        TimeOut,
        LimitUsage,
        Kill,
        Pause,
        Resume,
        Resolve,
        Answer,
        Ask,
    }

    [Theory]
    [InlineData("handoff")]
    [InlineData(TestWorkspace.Checks)]
    public void Histories_Some_KeepTheRules(string agent) => KeepTheRules(agent, 7, FixedSample.Seed);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [InlineData("handoff")]
    [InlineData(TestWorkspace.Checks)]
    public void Histories_Any_KeepTheRules(string agent) => KeepTheRules(agent, 200, Seeds.Draw());

    private static void KeepTheRules(string agent, int histories, int seed) =>
        FixedSample.Run(Gen.Enum<Step>().Array[10, 60], histories, steps => PlayAsync(agent, steps).GetAwaiter().GetResult(), seed: seed);

    private static async Task PlayAsync(string agent, Step[] steps)
    {
        using var history = new History(agent);
        await history.DoAsync(Step.Pass);
        foreach (var step in steps)
        {
            await history.DoAsync(step);
            await history.CheckAsync();
        }
    }

    private sealed class History(string agent) : IDisposable
    {
        private readonly TestWorkspace _test = new(
            new RunLimits
            {
                MaxAttempts = MaxAttempts,
                RetryBaseSeconds = 5,
                LeaseSeconds = LeaseSeconds,
                FailuresToEscalate = ToEscalate,
                TimeoutSeconds = 86_000,
            },
            defaultAgent: agent
        );
        private readonly List<(string RunId, string Token)> _tokens = [];
        private readonly Dictionary<string, RunState> _ended = new(StringComparer.Ordinal);
        private int _expectedFailures;

        public void Dispose() => _test.Dispose();

        public async Task DoAsync(Step step)
        {
            _test.WriteSchedules(TestWorkspace.Every(10));
            switch (step)
            {
                case Step.Fire:
                    await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
                    break;
                case Step.Wait:
                    await _test.PassAfterAsync(TimeSpan.FromSeconds(15));
                    break;
                case Step.Claim when await _test.Workspace.Runs.ClaimAsync(id: null, mode: null) is { } claimed:
                    _tokens.Add((claimed.Id, claimed.LeaseToken!));
                    break;
                case Step.Beat when await RunningAsync() is { } run:
                    await _test.Workspace.Runs.BeatAsync(run.Id, leaseToken: TokenOf(run));
                    break;
                case Step.ExpireLease:
                    await _test.PassAfterAsync(TimeSpan.FromSeconds(30));
                    await _test.PassAfterAsync(TimeSpan.FromSeconds(40));
                    await _test.PassAfterAsync(TimeSpan.FromSeconds(40));
                    break;
                case Step.Complete:
                    await ReportAsync(RunState.Succeeded);
                    break;
                case Step.Ask:
                    await ReportAsync(RunState.NeedsInput);
                    break;
                case Step.LateReport:
                    await ReportLateAsync();
                    break;
                case Step.Fail:
                    await EndAsync(
                        new SupervisorOutcome
                        {
                            End = SupervisorEnd.Exited,
                            Reason = "failed",
                            EndedAt = _test.Now,
                            ExitCode = 1,
                        }
                    );
                    await ReportAsync(RunState.Failed);
                    break;
                case Step.Succeed:
                    await EndAsync(
                        new SupervisorOutcome
                        {
                            End = SupervisorEnd.Exited,
                            Reason = "fine",
                            EndedAt = _test.Now,
                            ExitCode = 0,
                        }
                    );
                    break;
                case Step.TimeOut:
                    await EndAsync(
                        new SupervisorOutcome
                        {
                            End = SupervisorEnd.TimedOut,
                            Reason = "late",
                            EndedAt = _test.Now,
                        }
                    );
                    break;
                case Step.LimitUsage:
                    await EndAsync(
                        new SupervisorOutcome
                        {
                            End = SupervisorEnd.Exited,
                            Reason = "limit",
                            EndedAt = _test.Now,
                            ExitCode = 1,
                            Account = new AgentAccount { UsageLimit = new AgentUsageLimit("five_hour", _test.Now.AddMinutes(3)) },
                        }
                    );
                    break;
                case Step.Kill:
                    _test.Restart();
                    break;
                case Step.Pause:
                    await _test.Workspace.Schedules.PauseAsync("s", "by hand");
                    break;
                case Step.Resume:
                    await RefusableAsync(() => _test.Workspace.Schedules.ResumeAsync("s"));
                    break;
                case Step.Resolve when (await _test.Workspace.Escalations.ListAsync(all: false, 10)) is [var open, ..]:
                    await _test.Workspace.Escalations.ResolveAsync(open.Id, "mended");
                    await CountEndsAsync();
                    _expectedFailures = 0;
                    break;
                case Step.Answer
                    when (await _test.Workspace.Runs.ListAsync(new RunFilter { State = RunState.NeedsInput })) is [var asking, ..]:
                    await CountEndsAsync();
                    await _test.Workspace.Runs.AnswerAsync(asking.Id, ["yes"]);
                    _ended.Remove(asking.Id);
                    break;
                default:
                    await _test.RunPassAsync();
                    break;
            }
        }

        public async Task CheckAsync()
        {
            await CountEndsAsync();
            var runs = await _test.Workspace.Runs.ListAsync(new RunFilter { Limit = 200 });
            runs.Count(run => run.State == RunState.Running).Should().BeLessThanOrEqualTo(1, "a schedule has one run at a time");
            foreach (var run in runs)
            {
                var attempts = await _test.Workspace.Runs.AttemptsAsync(run.Id);
                run.Tries.Should().BeLessThanOrEqualTo(MaxAttempts);
                attempts.Select(attempt => attempt.Number).Should().Equal(Enumerable.Range(1, run.Attempt));
                attempts
                    .Count(attempt => attempt.EndedAt is null)
                    .Should()
                    .Be(run.State == RunState.Running ? 1 : 0, "one attempt at a time, and none without its end");
                if (run.State != RunState.Running)
                {
                    run.Lease.Should().Match<RunLease?>(lease => lease == null || run.State.HasEnded());
                }
            }

            var history = await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 1000);
            history
                .Where(row => row.Outcome == OccurrenceOutcome.Started)
                .Select(row => row.RunId)
                .Should()
                .OnlyHaveUniqueItems()
                .And.HaveCount(
                    runs.Count(run => run is not { State: RunState.Cancelled, StartedAt: null }),
                    "what was dropped from the queue was not started"
                );
            var moments = history.OrderBy(row => row.DueAt).ToList();
            for (var index = 1; index < moments.Count; index++)
            {
                moments[index].DueAt.Should().BeAfter(moments[index - 1].LastDueAt);
            }

            if (moments.Count > 0)
            {
                moments
                    .Sum(row => row.Count)
                    .Should()
                    .Be(((long)(moments[^1].LastDueAt - moments[0].DueAt).TotalMinutes / 10) + 1, "no due moment is without an entry");
            }

            if (runs.Count > 0)
            {
                (await _test.Workspace.Storage.Escalations.FailuresAsync(runs[0])).Should().Be(_expectedFailures);
                (await _test.Workspace.Escalations.ListAsync(all: false, 10)).Count.Should().Be(_expectedFailures >= ToEscalate ? 1 : 0);
            }

            foreach (var group in TimingLogReader.Read(_test.Paths).Entries.GroupBy(row => row.TaskId, StringComparer.Ordinal))
            {
                group
                    .Select(row => row.Kind)
                    .Should()
                    .Equal(
                        group.Select((_, index) => index % 2 == 0 ? TimingEntryKind.Start : TimingEntryKind.Close),
                        "rows come in pairs"
                    );
            }
        }

        private async Task CountEndsAsync()
        {
            foreach (
                var run in (await _test.Workspace.Runs.ListAsync(new RunFilter { Limit = 200 }))
                    .Where(run => run.State.HasEnded())
                    .OrderBy(run => run.EndedAt)
                    .ThenBy(run => run.CreatedAt)
            )
            {
                if (_ended.TryAdd(run.Id, run.State))
                {
                    _expectedFailures = run.State switch
                    {
                        RunState.Succeeded => 0,
                        RunState.TimedOut => _expectedFailures + 1,
                        RunState.Failed when run.Failure != RunFailure.UsageLimit => _expectedFailures + 1,
                        _ => _expectedFailures,
                    };
                }
                else
                {
                    _ended[run.Id].Should().Be(run.State, "what has ended stays so");
                }
            }
        }

        private async Task<Run?> RunningAsync() =>
            await _test.Workspace.Runs.ListAsync(new RunFilter { State = RunState.Running }) is [var run, ..] ? run : null;

        private async Task EndAsync(SupervisorOutcome outcome)
        {
            if (agent != "handoff" && await RunningAsync() is { } run && _test.Supervisors.Orders.Any(order => order.RunId == run.Id))
            {
                _test.Supervisors.End(run.Id, outcome);
                await _test.RunPassAsync();
            }
        }

        private string? TokenOf(Run run) => _tokens.LastOrDefault(token => token.RunId == run.Id).Token;

        private async Task ReportAsync(RunState outcome)
        {
            if (agent == "handoff" && await RunningAsync() is { } run)
            {
                await _test.Workspace.Runs.CompleteAsync(
                    run.Id,
                    new RunReport(outcome, "report", [], [], outcome == RunState.NeedsInput ? ["?"] : []),
                    leaseToken: TokenOf(run)
                );
            }
        }

        private async Task ReportLateAsync()
        {
            foreach (var (id, token) in _tokens)
            {
                var before = await _test.Workspace.Runs.GetAsync(id);
                if (!LeaseTokens.Matches(before.Lease?.Token, token) || before.State.HasEnded())
                {
                    (
                        await RefusableAsync(() =>
                            _test.Workspace.Runs.CompleteAsync(id, new RunReport(RunState.Succeeded, "late", [], [], []), leaseToken: token)
                        )
                    )
                        .Should()
                        .BeFalse("only its holder may report");
                    (await _test.Workspace.Runs.GetAsync(id)).Should().BeEquivalentTo(before);
                }
            }
        }

        private static async Task<bool> RefusableAsync(Func<Task> action)
        {
            try
            {
                await action();
                return true;
            }
            catch (UserErrorException)
            {
                return false;
            }
        }
    }
}
