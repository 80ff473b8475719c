using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Tests.Scheduling;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class WhyNotRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Each case: what is so, the kind of the reason, and the reason.</summary>
    public static TheoryData<string, string, string> RunCases =>
        new()
        {
            { "ready", "starting", "is about to start" },
            { "no server", "no_server", "no server runs on this workspace" },
            { "hand-off", "unclaimed", "waits for an agent to take it with claim_run" },
            { "untrusted", "untrusted", "the workspace is not trusted, so no program is started" },
            { "untrusted and at the cap", "untrusted", "the workspace is not trusted, so no program is started" },
            { "held back", "held_back", "its command is new" },
            { "signed out", "signed_out", "nobody is signed in to agent 'a': its key was refused in run run-x" },
            { "no service", "no_service", "agent 'a' gets no answer of a model: seen in run run-x" },
            { "limit", "usage_limit", "waits for the reset of the usage limit of agent 'a' at 2026-03-02T14:05:00Z" },
            { "limit of another run", "usage_limit", "waits for the reset of the usage limit of agent 'a' at 2026-03-02T14:05:00Z" },
            { "retry", "retry", "waits until 2026-03-02T12:01:00Z, then attempt 2 begins" },
            { "schedule busy", "busy", "run other of its schedule goes on" },
            { "at the cap", "at_capacity", "waits at the cap of 1 runs (limits.concurrentRuns)" },
            { "below the one at the cap", "starting", "is about to start" },
            { "a hand-off goes on at the cap", "starting", "is about to start" },
            { "being ended", "ending", "somebody asked for its end: enough" },
        };

    /// <summary>As above.</summary>
    public static TheoryData<string, string, string> ScheduleCases =>
        new()
        {
            { "not due", "not_due", "is not due before 2026-03-02T12:10:00Z" },
            { "inactive", "inactive", "is inactive in its file" },
            { "paused", "paused", "is paused by hand since 2026-03-02T12:00:00Z: holidays" },
            {
                "all paused by a budget",
                "paused",
                "is paused by its budget, with all schedules, since 2026-03-02T12:00:00Z until 2026-03-03T00:00:00Z: spent"
            },
            { "paused by an escalation", "paused", "is paused by an escalation since 2026-03-02T12:00:00Z: failed twice" },
            {
                "paused by an escalation, as it is kept",
                "paused",
                $"is paused by an escalation since 2026-03-02T12:00:00Z: escalation 7: its runs failed again and again; see "
                    + $"{ToolNames.GetStatus}, and go on with {ToolNames.ResolveEscalation}"
            },
            { "paused and no server", "paused", "is paused by hand since 2026-03-02T12:00:00Z: holidays" },
            { "no mode", "starts_nothing", "names a mode that is not there" },
            { "no server", "no_server", "no server runs on this workspace" },
            { "overdue", "overdue", "was due at 2026-03-02T11:50:00Z and nothing fired it" },
            { "checking", "checking", "its moment of 2026-03-02T12:00:00Z waits: its onlyIf command is asked first" },
            { "waiting", "busy", "its moment of 2026-03-02T12:00:00Z waits for its turn" },
            {
                "waiting while the queue is full",
                "queue_full",
                "its moment of 2026-03-02T12:00:00Z waits: the queue is full (limits.queueLength)"
            },
            {
                "skipped",
                "left_out",
                "its moment of 2026-03-02T12:00:00Z was skipped: onlyIf said no; the next one is at 2026-03-02T12:10:00Z"
            },
            { "never", "never_due", "is never due again" },
            {
                "queued at the cap",
                "at_capacity",
                "its run run-20260302-000000-00000001: waits at the cap of 1 runs (limits.concurrentRuns)"
            },
        };

    [Theory]
    [MemberData(nameof(RunCases))]
    public void Of_AQueuedRun_IsItsOneReason(string what, string code, string text)
    {
        var run = TestAgents.Run() with { State = RunState.Queued, ScheduleId = "s" };
        var other = run with { Id = "other", State = RunState.Running, ScheduleId = null };
        var facts = Facts();
        (run, facts) = what switch
        {
            "ready" => (run, facts),
            "no server" => (run, facts with { Fires = false, StartsPrograms = false }),
            "hand-off" => (run with { Agent = "handoff", AgentKind = AgentKind.Handoff }, facts with { StartsPrograms = false }),
            "untrusted" => (run, facts with { StartsPrograms = false }),
            "untrusted and at the cap" => (run, facts with { StartsPrograms = false, Running = [other] }),
            "held back" => (run, facts with { HeldBack = static _ => "its command is new" }),
            "signed out" => (run, facts with { Holds = Hold(RunFailure.SignIn) }),
            "no service" => (run, facts with { Holds = Hold(RunFailure.Service) }),
            "limit" => (Limited(run), facts),
            "limit of another run" => (run, facts with { Queued = [run, Limited(run) with { Id = "limited" }] }),
            "retry" => (run with { NotBefore = Now.AddMinutes(1), Attempt = 1, Failure = RunFailure.Work }, facts),
            "schedule busy" => (run, facts with { Running = [other with { ScheduleId = "s" }] }),
            "at the cap" => (run, facts with { Running = [other] }),
            "below the one at the cap" => (run with { ParentRunId = "other" }, facts with { Running = [other] }),
            "a hand-off goes on at the cap" => (run, facts with { Running = [other with { AgentKind = AgentKind.Handoff }] }),
            "being ended" => (run with { CancelReason = "enough" }, facts),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, message: null),
        };

        var why = WhyNotRules.Of(run, facts);

        (why?.CodeName, ToolNames.Plain(why!.Text)).Should().Be((code, text));
    }

    [Theory]
    [InlineData(RunState.Running)]
    [InlineData(RunState.Succeeded)]
    [InlineData(RunState.NeedsInput)]
    public void Of_ARunThatDoesNotWait_IsNone(RunState state) =>
        WhyNotRules.Of(TestAgents.Run() with { State = state }, Facts()).Should().BeNull();

    [Theory]
    [MemberData(nameof(ScheduleCases))]
    public void Of_ASchedule_IsItsOneReason(string what, string code, string text)
    {
        var schedule = TestSchedules.Every(10, TimeUnit.Minute) with { Active = true };
        var status = new ScheduleStatus(schedule, Now.AddMinutes(10), null, null, null, null);
        var facts = Facts();
        var queued = TestAgents.Run() with { State = RunState.Queued, ScheduleId = "s" };
        (status, facts) = what switch
        {
            "not due" => (status, facts),
            "inactive" => (status with { Schedule = schedule with { Active = false } }, facts),
            "paused" => (status with { Pause = Pause(PausedBy.Person, "holidays") }, facts),
            "all paused by a budget" => (
                status with
                {
                    Pause = Pause(PausedBy.Budget, "spent") with { IsOfAll = true, Until = Now.AddHours(12) },
                },
                facts
            ),
            "paused by an escalation, as it is kept" => (
                status with
                {
                    Pause = Pause(PausedBy.Escalation, EscalationRules.PauseReason(7)),
                },
                facts
            ),
            "paused by an escalation" => (status with { Pause = Pause(PausedBy.Escalation, "failed twice") }, facts),
            "paused and no server" => (status with { Pause = Pause(PausedBy.Person, "holidays") }, facts with { Fires = false }),
            "no mode" => (
                status,
                facts with
                {
                    StartingNothing = new Dictionary<string, string>(StringComparer.Ordinal) { ["s"] = "names a mode that is not there" },
                }
            ),
            "no server" => (status, facts with { Fires = false }),
            "overdue" => (status with { OverdueSince = Now.AddMinutes(-10) }, facts),
            "checking" => (
                status with
                {
                    Last = Row(OccurrenceOutcome.Coalesced, "another waits already"),
                },
                facts with
                {
                    Open = Open(Row(null, "its onlyIf command is asked first") with { Checking = 1 }),
                }
            ),
            "waiting" => (status, facts with { Open = Open(Row(null, "waits for the end of run x")) }),
            "waiting while the queue is full" => (
                status,
                facts with
                {
                    Open = Open(Row(null, "waits for the end of run x")),
                    Queued = [Other("1"), Other("2"), Other("3")],
                }
            ),
            "skipped" => (status with { Last = Row(OccurrenceOutcome.Skipped, "onlyIf said no") }, facts),
            "never" => (status with { NextOccurrence = null }, facts),
            "queued at the cap" => (
                status,
                facts with
                {
                    Queued = [queued],
                    Running = [queued with { Id = "other", ScheduleId = null, State = RunState.Running }],
                }
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, message: null),
        };

        var why = WhyNotRules.Of(status, facts);

        (why?.CodeName, why?.Text).Should().Be((code, text));
    }

    [Fact]
    public void Of_AScheduleWhoseWorkGoesOn_IsNone()
    {
        var status = new ScheduleStatus(TestSchedules.Every(10, TimeUnit.Minute) with { Active = true }, Now, null, null, null, null);

        WhyNotRules.Of(status, Facts() with { Running = [TestAgents.Run() with { ScheduleId = "s" }] }).Should().BeNull();
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Pause_ThatEndsByItself_IsNoneOnceItsEndHasCome(int minutes, bool isThere)
    {
        var state = new ScheduleState(null, Now.AddDays(-1), "spent", null) { PausedUntil = Now.AddMinutes(minutes) };

        (SchedulePause.Of(state, isOfAll: false, Now) is not null).Should().Be(isThere, "no server may be there to end it");
    }

    [Fact]
    public void CodeName_OfEachKind_IsAnotherOne() =>
        Enum.GetValues<WhyNotCode>().Select(static code => new WhyNot(code, "").CodeName).Should().OnlyHaveUniqueItems();

    private static WhyNotFacts Facts() =>
        new()
        {
            Now = Now,
            Fires = true,
            StartsPrograms = true,
            MaxRunning = 1,
            Running = [],
            Queued = [],
            MaxQueued = 3,
            Open = new Dictionary<string, Occurrence>(StringComparer.Ordinal),
            Holds = new Dictionary<string, AgentHold>(StringComparer.Ordinal),
            HeldBack = static _ => null,
            StartingNothing = new Dictionary<string, string>(StringComparer.Ordinal),
        };

    private static Dictionary<string, AgentHold> Hold(RunFailure failure) =>
        new(StringComparer.Ordinal) { ["a"] = new AgentHold("a", failure, "401", "run-x", Now) };

    private static Run Limited(Run run) =>
        run with
        {
            Failure = RunFailure.UsageLimit,
            NotBefore = new(2026, 3, 2, 14, 5, 0, TimeSpan.Zero),
        };

    private static SchedulePause Pause(PausedBy by, string reason) => new(Now, by, reason, IsOfAll: false, Until: null);

    private static Dictionary<string, Occurrence> Open(Occurrence row) => new(StringComparer.Ordinal) { ["s"] = row };

    private static Run Other(string id) => TestAgents.Run() with { Id = id, State = RunState.Queued };

    private static Occurrence Row(OccurrenceOutcome? outcome, string reason) => new("s", Now, Now, 1, outcome, reason, null, null);
}
