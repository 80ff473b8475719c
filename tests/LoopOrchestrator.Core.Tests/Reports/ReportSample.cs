using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Reports;

/// <summary>A small report, in which every text of others is one that the test gives.</summary>
internal static class ReportSample
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    public static Report Of(string text, long missing = 0)
    {
        var (runs, cycles) = (new RunTally(), new CycleTally());
        foreach (var run in Runs(text))
        {
            runs.Add(run, hasNoEvidence: run.Id.EndsWith("none", StringComparison.Ordinal));
        }

        cycles.Add(Cycle(text));
        IReadOnlyList<OccurrenceSlot> slots =
        [
            new(text, Start, OccurrenceOutcome.Started, RunState.Succeeded, 1),
            new(text, Start.AddHours(1), OccurrenceOutcome.Started, RunState.TimedOut, 1),
            new(text, Start.AddHours(26), OccurrenceOutcome.Missed, null, 4),
            new(text, Start.AddHours(30), null, null, 1),
        ];
        return new Report
        {
            Workspace = text,
            Period = new ReportPeriod(Start, Start.AddDays(2), "the last 2 days"),
            MadeAt = Start.AddDays(2),
            Ledger = LedgerTally.Sum(slots, new Dictionary<string, long>(StringComparer.Ordinal) { ["late"] = missing }),
            Days = LedgerTally.Days(slots, Start, Start.AddDays(2)),
            Runs = runs.Sum(),
            Cycles = cycles.Sum(),
            Time = TimingReport.Create(
                TimingLogReader.Parse(
                    System.Text.Encoding.UTF8.GetBytes(
                        "timestamp\tmode\ttask_id\tstart_time\tend_time\tduration\ttask\tresult\tpriority\n"
                            + "2026-03-01T02:00:00Z\tcode\tone\t2026-03-01T00:00:00Z\t2026-03-01T02:00:00Z\t7200\tBuild\tdone\tnormal\n"
                            + "2026-03-02T00:01:00Z\task\ttwo\t2026-03-02T00:00:00Z\t2026-03-02T00:01:00Z\t60\tRead\tdone\ttodo\n"
                    ),
                    "task_timing.tsv"
                )
            ),
            Escalations =
            [
                new Escalation
                {
                    Id = 7,
                    Mode = text,
                    Task = text,
                    Runs = ["run-a"],
                    Since = Start.AddHours(3),
                    Reason = text,
                    ResolvedAt = Start.AddHours(4),
                    Note = text,
                },
            ],
        };
    }

    /// <summary>Runs of each kind.</summary>
    public static IReadOnlyList<Run> Runs(string text) =>
        [
            Ended("run-a", RunState.Succeeded, 60) with
            {
                CostUsd = 1.25,
                Tokens = new AgentTokens(1000, 200, 0),
                Task = text,
                Mode = text,
            },
            Ended("run-b-none", RunState.Succeeded, 5),
            Ended("run-c", RunState.TimedOut, 7200) with
            {
                CostUsd = 0.5,
                CreatedAt = Start.AddDays(1),
            },
            Ended("run-d", RunState.Succeeded, 1) with
            {
                IsUnverified = true,
            },
            Ended("run-e", RunState.Cancelled, 2) with
            {
                CostUsd = double.PositiveInfinity,
            },
            Ended("run-f", RunState.Failed, 3) with
            {
                CostUsd = double.NaN,
                Tokens = new AgentTokens(long.MaxValue, 1, 0),
            },
            TestAgents.Run() with
            {
                Id = "run-g",
                State = RunState.Queued,
                CreatedAt = Start,
            },
        ];

    /// <summary>A cycle that went back once.</summary>
    public static Cycle Cycle(string text) =>
        new(
            Ended("run-cycle", RunState.Succeeded, 3600) with
            {
                Task = text,
                Agent = null,
                AgentKind = null,
                Workflow = text,
            },
            new WorkflowDefinition(text) { Stages = [new WorkflowStage(text, Stage.Implementation)] }
        )
        {
            Stage = 0,
            Visit = 2,
            Reworks = 1,
            Items =
            [
                Item(1, CycleItemKind.Step, 1) with
                {
                    Changes = new StepChanges(2, 10, 3, [$"A {text}", "M two.txt"], [text]),
                },
                Item(2, CycleItemKind.Gate, 1) with
                {
                    State = CycleItemState.Failed,
                    ExitCode = 1,
                },
                Item(3, CycleItemKind.Gate, 2) with
                {
                    ExitCode = 0,
                },
            ],
        };

    private static Run Ended(string id, RunState state, int seconds) =>
        TestAgents.Run() with
        {
            Id = id,
            State = state,
            Mode = "code",
            Task = "do it",
            CreatedAt = Start,
            StartedAt = Start,
            EndedAt = Start.AddSeconds(seconds),
        };

    private static CycleItem Item(int number, CycleItemKind kind, int visit) =>
        new()
        {
            Number = number,
            Visit = visit,
            Stage = 0,
            Kind = kind,
            Position = 0,
            Name = "tests",
            State = CycleItemState.Passed,
            StartedAt = Start,
        };
}
