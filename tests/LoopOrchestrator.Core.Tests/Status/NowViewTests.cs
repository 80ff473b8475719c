using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Tests.Scheduling;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class NowViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Needs_OfEachKind_StandBlockedThenFailedThenDoneAndTheLongestWaitFirst()
    {
        var status = Status() with
        {
            NeedInput = [Run("ask", RunState.NeedsInput, 10) with { Questions = ["Which one?", "And why?"] }],
            Escalations = [Escalation(1, minutesAgo: 90, "run-gone")],
        };

        var view = NowView.Of(
            status,
            Facts() with
            {
                Failed = [Unseen(Run("late", RunState.Failed, 5)), Unseen(Run("early", RunState.TimedOut, 300))],
                Done = [Unseen(Run("done", RunState.Succeeded, 600))],
            }
        );

        view.Needs.Single(static need => need.EscalationId is not null)
            .RunId.Should()
            .Be("run-gone", "what failed is looked at from here, however long ago it was");
        view.Needs.Select(static need => (need.Kind, need.Action, need.Run?.Id))
            .Should()
            .Equal(
                (NeedKind.Blocked, NeedAction.Resolve, null),
                (NeedKind.Blocked, NeedAction.Answer, "ask"),
                (NeedKind.Failed, NeedAction.Acknowledge, "early"),
                (NeedKind.Failed, NeedAction.Acknowledge, "late"),
                (NeedKind.Done, NeedAction.Acknowledge, "done")
            );
        view.Needs[1].Text.Should().Be("Which one? (2 questions)");
        view.Needs.Select(static need => need.KindName).Distinct(StringComparer.Ordinal).Should().Equal("blocked", "failed", "done");
    }

    [Fact]
    public void Needs_RunsOfOneSchedule_AreOneThingWithTheLatestOfThem()
    {
        var latest = Run("a", RunState.Succeeded, 5) with { ScheduleId = "nightly" };
        UnseenRuns[] done =
        [
            new("done schedule:nightly", 3, Now.AddMinutes(-25), latest),
            Unseen(Run("alone", RunState.Succeeded, 1)),
        ];

        var view = NowView.Of(Status(), Facts() with { Done = done });

        view.Needs.Select(static need => (need.Title, need.Count, need.Run!.Id))
            .Should()
            .Equal(("Nightly", 3, "a"), ("code: do alone", 1, "alone"));
        view.Needs[0].Since.Should().Be(Now.AddMinutes(-25));
        view.Needs[0].Until.Should().Be(Now.AddMinutes(-5));
        view.Needs[0].Subject.Should().Be("done schedule:nightly");
        view.HasMoreNeeds.Should().BeFalse();
    }

    [Fact]
    public void Needs_RunsThatWaitForTrust_HaveWaitedAsLongAsTheFirstOfThem()
    {
        var handOff = Run("mine", RunState.Queued, 600) with { AgentKind = AgentKind.Handoff };
        var status = Status() with { Queued = [handOff, Run("first", RunState.Queued, 5), Run("second", RunState.Queued, 3)] };

        var need = NowView.Of(status, Facts()).Needs.Should().ContainSingle().Which;

        need.Title.Should().Be("Not trusted");
        need.Count.Should().Be(2);
        need.Since.Should().Be(Now.AddMinutes(-6), "a hand-off waits for somebody to take it, and for no trust");
    }

    [Fact]
    public void Needs_MoreThanIsRead_SaysSo()
    {
        var many = Enumerable.Range(0, UnseenRuns.MaxSubjects).Select(index => Unseen(Run($"run-{index}", RunState.Succeeded, 5))).ToList();

        NowView.Of(Status(), Facts() with { Done = many }).HasMoreNeeds.Should().BeTrue();
        NowView.Of(Status(), Facts() with { Failed = many }).HasMoreNeeds.Should().BeTrue();
        NowView.Of(Status(), Facts() with { Done = many[1..] }).HasMoreNeeds.Should().BeFalse();
    }

    [Fact]
    public void Needs_AHeldAgent_IsToldWithWhatLetsItGoOn()
    {
        var status = Status() with
        {
            HeldAgents = [new AgentHold("claude", RunFailure.SignIn, "its key was refused", "run-b", Now.AddMinutes(-20))],
        };

        var need = NowView.Of(status, Facts()).Needs.Should().ContainSingle().Which;

        need.Action.Should().Be(NeedAction.ResumeAgent);
        need.Agent.Should().Be("claude");
    }

    [Fact]
    public void Needs_RunsThatWaitForTrust_SayWhatAPersonDoes()
    {
        var status = Status() with { Queued = [Run("q", RunState.Queued, 3)] };

        NowView.Of(status, Facts()).Needs.Should().ContainSingle().Which.Text.Should().Contain("loop-orchestrator trust");
        NowView.Of(status, Facts() with { IsTrusted = true }).Needs.Should().BeEmpty();
    }

    [Fact]
    public void Next_SchedulesThatFire_AreInTheOrderOfTheirMoments()
    {
        var status = Status() with
        {
            Schedules =
            [
                Due("late", 9),
                Due("paused", 1) with
                {
                    Paused = "by hand",
                },
                Due("soon", 4),
                Due("never", 1) with
                {
                    NextOccurrence = null,
                },
            ],
        };

        NowView.Of(status, Facts()).Next.Select(static one => one.Schedule.Id).Should().Equal("soon", "late");

        static ScheduleStatus Due(string id, int minutes) =>
            new(TestSchedules.Every(10, TimeUnit.Minute) with { Id = id, Active = true }, Now.AddMinutes(minutes), null, null, null, null);
    }

    [Fact]
    public void Windows_OfAgentsAtTheirLimit_AreOneEach()
    {
        var limited = Run("a", RunState.Queued, 3) with
        {
            Agent = "claude",
            Failure = RunFailure.UsageLimit,
            NotBefore = Now.AddHours(2),
            UsageLimit = new AgentUsageLimit("five_hour", Now.AddHours(2)),
        };
        var status = Status() with
        {
            Queued = [limited, limited with { Id = "b", NotBefore = Now.AddHours(3) }, Run("c", RunState.Queued, 1)],
        };

        NowView.Of(status, Facts()).Windows.Should().Equal(new PlanWindow("claude", "five_hour", Now.AddHours(2), 2));
    }

    [Theory]
    [InlineData(0, 0, null, false)]
    [InlineData(0.1, 0, null, true)]
    [InlineData(0, 5, null, true)]
    [InlineData(0, 0, 2.5, true)]
    public void Spend_WhereNothingSaysAnything_IsNotKnown(double cost, long tokens, double? limit, bool isKnown) =>
        new DaySpend(cost, tokens, new RunBudget { CostPerDayUsd = limit }).IsKnown.Should().Be(isKnown);

    [Fact]
    public async Task Now_OfAWorkspace_ForgetsWhatWasAcknowledgedAndNothingElse()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        var run = (await test.Workspace.Runs.ListAsync(new Core.Runs.Stores.RunFilter(), Token)).Single();
        var taken = (await test.Workspace.Runs.ClaimAsync(run.Id, mode: null, Token))!;
        await test.Workspace.Runs.CompleteAsync(
            taken.Id,
            new RunReport(RunState.Succeeded, "it is done", [], [], []),
            leaseToken: taken.LeaseToken,
            cancellationToken: Token
        );
        await test.RunPassAsync();

        var need = (await test.Workspace.Status.NowAsync(Token)).Needs.Should().ContainSingle().Which;
        need.Kind.Should().Be(NeedKind.Done);
        need.HasNoEvidence.Should().BeFalse("it was reported");
        await test.Workspace.Acknowledgements.AcknowledgeAsync(need.Subject!, need.Until!.Value, Token);

        (await test.Workspace.Status.NowAsync(Token)).Needs.Should().BeEmpty();
    }

    private static Run Run(string id, RunState state, int minutesAgo) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = $"do {id}",
            Agent = "checks",
            AgentKind = AgentKind.Cli,
            Priority = RunPriority.Normal,
            State = state,
            TimeoutSeconds = 60,
            CreatedAt = Now.AddMinutes(-minutesAgo - 1),
            EndedAt = state == RunState.Queued ? null : Now.AddMinutes(-minutesAgo),
        };

    private static Escalation Escalation(long id, int minutesAgo, params string[] runs) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = "do it",
            Runs = runs,
            Since = Now.AddMinutes(-minutesAgo),
            Reason = "it failed three times",
        };

    private static UnseenRuns Unseen(Run run) => new($"seen run:{run.Id}", 1, run.EndedAt!.Value, run);

    private static NowFacts Facts() => new() { Spend = new DaySpend(0, 0, new RunBudget()) };

    private static WorkspaceStatus Status() =>
        new()
        {
            At = Now,
            SchedulerProcess = "1:2:3",
            SchedulerSince = Now.AddHours(-1),
            Servers = [],
            TrustGivenBy = null,
            RunCounts = new Dictionary<RunState, long>(),
            Running = [],
            Queued = [],
            FinalizationPending = [],
            Escalations = [],
            Notices = [],
            NeedInput = [],
            LimitReached = null,
            Held = [],
            Life = ProofOfLife.Of([], Now.AddHours(-1), new DueCount(0, 0)),
            Waits = new Dictionary<string, WhyNot>(StringComparer.Ordinal),
            Schedules =
            [
                new ScheduleStatus(
                    TestSchedules.Every(10, TimeUnit.Minute) with
                    {
                        Id = "nightly",
                        Name = "Nightly",
                    },
                    null,
                    null,
                    null,
                    null,
                    null
                ),
            ],
            Memory = new MemoryFill(0, 1),
            Diagnostics = [],
            Sentences = [],
        };
}
