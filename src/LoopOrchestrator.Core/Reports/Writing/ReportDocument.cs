using System.Globalization;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Core.Reports.Writing;

/// <summary>A report in words, tables and drawings, which each form writes in its own way. Pure.</summary>
internal sealed class ReportDocument
{
    private const int MaxText = 160;

    private readonly Report _report;

    private ReportDocument(Report report) => _report = report;

    /// <summary>What it is called.</summary>
    public string Title => $"{_report.Workspace}: {_report.Period.Name}";

    /// <summary>What it is about, in a sentence.</summary>
    public string About =>
        $"From {Moment(_report.Period.From)} to {Moment(_report.Period.To)} (UTC), made {Moment(_report.MadeAt)} by Loop Orchestrator.";

    /// <summary>Its sections in their order.</summary>
    public IReadOnlyList<ReportSection> Sections =>
        [
            new("At a glance", [Glance()]),
            new("Due moments", Ledger()),
            new("Cycles", Cycles()),
            new("Evidence", Evidence()),
            new("Runs by mode", Runs()),
            new("Where the time went", Time()),
            new("Cost", Cost()),
            new("Slowest steps", Slowest()),
            new("Escalations", Escalations()),
            new("How to read this", [Notes()]),
        ];

    /// <summary>Puts a report into words.</summary>
    public static ReportDocument Of(Report report) => new(report);

    private ReportBlock.Table Glance()
    {
        var (runs, cycles, due) = (_report.Runs, _report.Cycles, _report.Ledger.Total);
        return new ReportBlock.Table(
            [new("What"), new("How much")],
            [
                ["Due moments", Due(due)],
                ["Runs", $"{Number(runs.Count)} asked for{States(runs.ByState)}"],
                ["Cycles", $"{Number(cycles.Count)} begun{States(cycles.ByState)}; {Times(cycles.Reworks, "rework")}"],
                ["Time", $"{PlotText.Duration(_report.Time.Total.Seconds)} in {Times(_report.Time.Total.Count, "interval")}"],
                ["Cost", CostOf(runs)],
                ["Escalations", Number(_report.Escalations.Count)],
            ]
        );
    }

    private List<ReportBlock> Ledger()
    {
        var ledger = _report.Ledger;
        List<ReportBlock> blocks =
        [
            new ReportBlock.Paragraph(
                ledger.Total.IsComplete
                    ? $"The ledger is complete: {Due(ledger.Total)}."
                    : $"The ledger is not complete: {Due(ledger.Total)}. Nobody fired those that have none: see status."
            ),
        ];
        if (ledger.Schedules.Count > 0)
        {
            blocks.Add(
                new ReportBlock.Figure(
                    "What became of the moments of each day; where several share a place, the gravest is shown",
                    Plot.Slots(new PlotName("slots", "What became of the due moments of each day"), _report.Days)
                )
            );
            blocks.Add(
                new ReportBlock.Table(
                    [
                        new("Schedule"),
                        new("Due", IsNumber: true),
                        new("Fired", IsNumber: true),
                        new("Failed", IsNumber: true),
                        new("Skipped", IsNumber: true),
                        new("Missed", IsNumber: true),
                        new("Waiting", IsNumber: true),
                        new("No outcome", IsNumber: true),
                    ],
                    [
                        .. ledger.Schedules.Select(static one =>
                            (IReadOnlyList<string>)
                                [
                                    Short(one.Name ?? one.ScheduleId),
                                    Number(one.Due),
                                    Number(one.Fired),
                                    Number(one.Failed),
                                    Number(one.Skipped),
                                    Number(one.Missed),
                                    Number(one.Waiting),
                                    Number(one.Missing),
                                ]
                        ),
                    ]
                )
            );
        }

        return blocks;
    }

    private List<ReportBlock> Cycles()
    {
        var cycles = _report.Cycles;
        if (cycles.Count == 0)
        {
            return [new ReportBlock.Paragraph("No cycle was begun.")];
        }

        return
        [
            new ReportBlock.Paragraph(
                $"{Number(cycles.Count)} begun{States(cycles.ByState)}. They went back {Times(cycles.Reworks, "time")}."
                    + (cycles.Latest.Count < cycles.Count ? $" These are the latest {cycles.Latest.Count}." : "")
            ),
            new ReportBlock.Table(
                [
                    new("Cycle"),
                    new("Asked for"),
                    new("Workflow"),
                    new("State"),
                    new("Took", IsNumber: true),
                    new("Reworks", IsNumber: true),
                    new("Evidence"),
                    new("Task"),
                ],
                [
                    .. cycles.Latest.Select(static one =>
                        (IReadOnlyList<string>)
                            [
                                one.RunId,
                                Moment(one.AskedFor),
                                Short(one.Workflow),
                                Word(one.State),
                                one.Seconds is { } seconds ? PlotText.Duration(seconds) : "-",
                                Number(one.Reworks),
                                one.Evidence ?? "-",
                                Short(one.Task),
                            ]
                    ),
                ]
            ),
        ];
    }

    private List<ReportBlock> Evidence()
    {
        var (runs, cycles) = (_report.Runs, _report.Cycles);
        var (succeeded, without) = (runs.ByState.GetValueOrDefault(RunState.Succeeded), runs.WithoutEvidence);
        var rest = without switch
        {
            0 => "None is a success by its state alone.",
            1 => "1 is a success by its state alone.",
            _ => $"{Number(without)} are successes by their state alone.",
        };
        List<ReportBlock> blocks =
        [
            new ReportBlock.Paragraph(
                succeeded == 0
                    ? "No run succeeded."
                    : $"{Number(succeeded - without)} of {Number(succeeded)} runs that succeeded have something to show: a gate or command "
                        + $"that passed, a changed file, a commit, a report or the use of a model. {rest}"
            ),
        ];
        if (cycles.Count > 0)
        {
            blocks.Add(
                new ReportBlock.Paragraph(
                    $"In cycles {Number(cycles.GatesPassed)} of {Times(cycles.GatesPassed + cycles.GatesFailed, "gate")} passed in "
                        + "the end; "
                        + $"{Times(cycles.Files, "file")} changed, +{Number(cycles.Added)} −{Number(cycles.Removed)} lines, "
                        + $"{Times(cycles.Commits, "commit")}."
                )
            );
        }

        return blocks;
    }

    private List<ReportBlock> Runs() =>
        _report.Runs.Count == 0
            ? [new ReportBlock.Paragraph("No run was asked for.")]
            :
            [
                new ReportBlock.Table(
                    [
                        new("Mode"),
                        new("Runs", IsNumber: true),
                        new("Succeeded", IsNumber: true),
                        new("Failed", IsNumber: true),
                        new("Cost in USD", IsNumber: true),
                    ],
                    [
                        .. _report.Runs.Modes.Select(static mode =>
                            (IReadOnlyList<string>)
                                [
                                    Short(mode.Mode),
                                    Number(mode.Count),
                                    Number(mode.Succeeded),
                                    Number(mode.Failed),
                                    mode.CostUsd == 0 ? "-" : PlotText.Amount(Math.Round(mode.CostUsd, 4)),
                                ]
                        ),
                    ]
                ),
            ];

    private List<ReportBlock> Time()
    {
        var time = _report.Time;
        if (time.Total.Count == 0)
        {
            return [new ReportBlock.Paragraph("The time log has no complete interval of this period.")];
        }

        return
        [
            new ReportBlock.Paragraph(
                $"{PlotText.Duration(time.Total.Seconds)} in {Times(time.Total.Count, "complete interval")}; "
                    + $"{Number(time.OverLimitCount)} of them took longer than an hour, and {Number(time.OpenCount)} more "
                    + $"{(time.OpenCount == 1 ? "is" : "are")} open."
            ),
            Hours("time-mode", "Hours by mode", time.ByMode),
            Hours("time-priority", "Hours by priority", time.ByPriority),
            Hours("time-day", "Hours by day", [.. time.ByDay.Reverse().TakeLast(31)]),
            new ReportBlock.Figure(
                "How long intervals took, and how many took so long",
                Plot.Distribution(
                    new PlotName("time-length", "How long intervals took"),
                    [.. time.ByLength.Select(static range => new Bar(range.Key, range.Count))]
                )
            ),
        ];
    }

    private List<ReportBlock> Cost()
    {
        var runs = _report.Runs;
        List<ReportBlock> blocks = [new ReportBlock.Paragraph($"{CostOf(runs)}.")];
        if (runs.CostByDay.Count > 0)
        {
            blocks.Add(
                new ReportBlock.Figure(
                    "Cost by the day on which the work was asked for",
                    Plot.Bars(
                        new PlotName("cost-day", "Cost by day"),
                        [
                            .. runs
                                .CostByDay.TakeLast(31)
                                .Select(static day => new Bar(
                                    day.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                                    (long)Math.Min(day.CostUsd * 10_000, long.MaxValue)
                                )),
                        ],
                        PlotUnit.Dollars
                    )
                )
            );
        }

        return blocks;
    }

    private List<ReportBlock> Slowest() =>
        _report.Runs.Slowest.Count == 0
            ? [new ReportBlock.Paragraph("No run has ended.")]
            :
            [
                new ReportBlock.Table(
                    [new("Run"), new("Mode"), new("State"), new("Took", IsNumber: true), new("Task")],
                    [
                        .. _report.Runs.Slowest.Select(static step =>
                            (IReadOnlyList<string>)
                                [step.RunId, Short(step.Mode), Word(step.State), PlotText.Duration(step.Seconds), Short(step.Task)]
                        ),
                    ]
                ),
            ];

    private List<ReportBlock> Escalations() =>
        _report.Escalations.Count == 0
            ? [new ReportBlock.Paragraph("No step was stopped because it failed again and again.")]
            :
            [
                new ReportBlock.Table(
                    [new("Escalation", IsNumber: true), new("Since"), new("What"), new("Why"), new("Resolved")],
                    [
                        .. _report.Escalations.Select(static one =>
                            (IReadOnlyList<string>)
                                [
                                    Number(one.Id),
                                    Moment(one.Since),
                                    Short(one.ScheduleId is null ? one.Mode : $"schedule {one.ScheduleId}"),
                                    Short(one.Reason),
                                    one.ResolvedAt is { } at ? $"{Moment(at)}: {Short(one.Note ?? "")}" : "open",
                                ]
                        ),
                    ]
                ),
            ];

    private ReportBlock.Paragraph Notes()
    {
        var priced = _report.Runs.Priced == _report.Runs.Count ? "" : " Runs whose agent does not say what it used count as nothing there.";
        return new(
            "Runs and cycles count where they were asked for in the period, due moments where they were due in it, intervals of the time "
                + $"log where they began in it. Days are those of UTC. Cost and tokens are what agents say of themselves.{priced}"
        );
    }

    private static ReportBlock.Figure Hours(string id, string title, IReadOnlyList<TimingTotal> totals) =>
        new(
            title,
            Plot.Bars(new PlotName(id, title), [.. totals.Select(static total => new Bar(total.Key, total.Seconds))], PlotUnit.Seconds)
        );

    private static string CostOf(ReportRuns runs) =>
        runs.Priced == 0
            ? "No agent has said what it used"
            : $"{PlotText.Amount(Math.Round(runs.CostUsd, 2))} USD and {Number(runs.Tokens)} tokens, by what the agents of "
                + $"{Number(runs.Priced)} of {Times(runs.Count, "run")} say";

    private static string Due(ReportDue due)
    {
        var waiting = due.Waiting > 0 ? $", {Number(due.Waiting)} {(due.Waiting == 1 ? "waits" : "wait")}" : "";
        var missing = due.Missing > 0 ? $", {Number(due.Missing)} {(due.Missing == 1 ? "has" : "have")} none" : "";
        return $"{Number(due.WithOutcome)} of {Number(due.Due)} due {(due.Due == 1 ? "moment has" : "moments have")} an outcome"
            + $"{waiting}{missing}";
    }

    private static string States(IReadOnlyDictionary<RunState, long> states) =>
        states.Count == 0
            ? ""
            : ": "
                + string.Join(
                    ", ",
                    states.OrderBy(static state => state.Key).Select(static state => $"{Number(state.Value)} {Word(state.Key)}")
                );

    private static string Word(RunState state) => state.Name().Replace('_', ' ');

    private static string Times(long count, string what) => $"{Number(count)} {what}{(count == 1 ? "" : "s")}";

    private static string Number(long value) => PlotText.Number(value, PlotUnit.Count);

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Short(string text) => PlotText.Label(text, MaxText);
}
