using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Scheduling.Ledger;

public sealed class OverlapRulesTests
{
    private const string Running = "run-running";
    private const string Queued = "run-queued";

    private static readonly DateTimeOffset Due = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Earlier = Due.AddHours(-1);
    private static readonly DueSegment Segment = new(Due, Due, 1, null, null);

    /// <summary>Each rule: what is asked, what is there, and what comes of it.</summary>
    public static TheoryData<string> Cases() => [.. All.Keys];

    private static Dictionary<string, (FireRequest Request, Run[] Active, long Waiting, OverlapDecision Decision)> All { get; } =
        new(StringComparer.Ordinal)
        {
            ["nothing is there"] = (Request(), [], 0, new OverlapDecision(OccurrenceOutcome.Started, null)),
            ["it is refused, also with nothing there"] = (
                Request() with
                {
                    Plan = new RunPlan.Refused("no such mode"),
                },
                [],
                0,
                new OverlapDecision(OccurrenceOutcome.Skipped, "no such mode")
            ),
            ["it is refused before its check is asked"] = (
                Request() with
                {
                    Checks = true,
                    Plan = new RunPlan.Refused("no such mode"),
                },
                [],
                0,
                new OverlapDecision(OccurrenceOutcome.Skipped, "no such mode")
            ),
            ["its check is asked before anything else"] = (
                Request(TaskInteraction.Skip) with
                {
                    Checks = true,
                },
                [Active(Running, RunState.Running)],
                3,
                new OverlapDecision(null, OverlapRules.Asked) { Checking = 1 }
            ),
            ["a run goes on: wait"] = (
                Request(),
                [Active(Running, RunState.Running)],
                0,
                new OverlapDecision(null, $"waits for the end of run {Running}")
            ),
            ["a run goes on: skip"] = (
                Request(TaskInteraction.Skip),
                [Active(Running, RunState.Running)],
                0,
                new OverlapDecision(OccurrenceOutcome.Skipped, $"run {Running} is still going on and taskInteraction is skip")
            ),
            ["a run goes on: interrupt"] = (
                Request(TaskInteraction.Interrupt),
                [Active(Running, RunState.Running)],
                0,
                new OverlapDecision(null, $"waits for the end of run {Running}, which it interrupts") { InterruptRunId = Running }
            ),
            ["another moment waits"] = (
                Request(),
                [Active(Running, RunState.Running)],
                1,
                new OverlapDecision(OccurrenceOutcome.Coalesced, "the occurrence of 2026-03-02T08:00:00Z waits already")
            ),
            ["a run waits for a place"] = (
                Request(TaskInteraction.Skip),
                [Active(Queued, RunState.Queued)],
                0,
                new OverlapDecision(OccurrenceOutcome.Coalesced, $"run {Queued} waits to be started") { RunId = Queued }
            ),
            ["a hand-off waits for somebody"] = (
                Request(),
                [Active(Queued, RunState.Queued, AgentKind.Handoff)],
                0,
                new OverlapDecision(OccurrenceOutcome.Coalesced, $"run {Queued} waits to be claimed") { RunId = Queued }
            ),
            ["each is kept: it waits behind another"] = (
                Request() with
                {
                    KeepsEach = true,
                },
                [Active(Running, RunState.Running)],
                1,
                new OverlapDecision(null, "waits for its turn")
            ),
            ["each is kept, up to a limit"] = (
                Request() with
                {
                    KeepsEach = true,
                    MaxWaiting = 1,
                },
                [Active(Running, RunState.Running)],
                1,
                new OverlapDecision(OccurrenceOutcome.Coalesced, "the occurrence of 2026-03-02T08:00:00Z waits already")
            ),
            ["each is kept, but not against skip"] = (
                Request(TaskInteraction.Skip) with
                {
                    KeepsEach = true,
                },
                [Active(Running, RunState.Running)],
                0,
                new OverlapDecision(OccurrenceOutcome.Skipped, $"run {Running} is still going on and taskInteraction is skip")
            ),
            ["several are made up for: they wait against skip too"] = (
                Request(TaskInteraction.Skip) with
                {
                    KeepsEach = true,
                    Segments = [Segment, Segment],
                },
                [Active(Running, RunState.Running)],
                0,
                new OverlapDecision(null, "waits for its turn")
            ),
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decide_ByRule_SaysWhatBecomesOfTheMoment(string name)
    {
        var (request, active, waiting, decision) = All[name];

        OverlapRules.Decide(request, active, waiting, waiting > 0 ? Earlier : null, static () => []).Should().Be(decision);
    }

    [Theory]
    [InlineData(false, 1, true)]
    [InlineData(true, 1, false)]
    [InlineData(true, 2, true)]
    public void Decide_WhileAnotherIsChecked_SharesItsAnswerUnlessEachIsKept(bool keepsEach, int checking, bool shares)
    {
        var request = Request() with { Checks = true, KeepsEach = keepsEach, MaxWaiting = 2 };
        var others = Enumerable.Repeat(new Occurrence("s", Earlier, Earlier, 1, null, null, null, null), checking).ToList();

        var decision = OverlapRules.Decide(request, [], 0, null, () => others);

        decision.Outcome.Should().Be(shares ? OccurrenceOutcome.Coalesced : null);
        decision.Reason.Should().Be(shares ? "the onlyIf check of the occurrence of 2026-03-02T08:00:00Z is going on" : OverlapRules.Asked);
        decision.Checking.Should().Be(shares ? 0 : 1);
    }

    [Fact]
    public void Decide_WithoutACheck_AsksForNone() =>
        OverlapRules
            .Decide(Request(), [], 0, null, static () => throw new InvalidOperationException())
            .Outcome.Should()
            .Be(OccurrenceOutcome.Started);

    private static FireRequest Request(TaskInteraction interaction = TaskInteraction.Wait) =>
        new("s", Due, [Segment], interaction, KeepsEach: false, new RunPlan.Accepted(TestAgents.Run(), "a test says so"));

    private static Run Active(string id, RunState state, AgentKind kind = AgentKind.Command) =>
        TestAgents.Run(kind: kind) with
        {
            Id = id,
            State = state,
        };
}
