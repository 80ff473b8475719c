using LoopOrchestrator.Core.Plots;

namespace LoopOrchestrator.Core.Tests.Plots;

/// <summary>A drawing of each kind, as it usually is and at its edges.</summary>
internal static class PlotSamples
{
    /// <summary>What an agent, a schedule or a file may be called.</summary>
    public static readonly string[] Payloads =
    [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "]]><svg onload=alert(1)>",
        "&lt;b&gt; &amp; &#60;",
        "javascript:alert(1)",
        "\0\u0001\u001b[31m\u007f\u0085",
        "\u202Eevil\u2066 \u200F",
        "half \uD83D of a letter, \uFFFE \uFFFF",
        "",
        " \t\r\n ",
        new string('W', 5000),
        "{0} {{ }} %s ${x}",
    ];

    public static IReadOnlyDictionary<string, Drawing> All { get; } =
        new Dictionary<string, Drawing>(StringComparer.Ordinal)
        {
            ["slots.svg"] = Plot.Slots(new PlotName("slots", "Due moments of nightly"), Days()),
            ["slots-none.svg"] = Plot.Slots(new PlotName("slots", "Due moments of nightly"), [new SlotDay(new DateOnly(2026, 3, 1), [])]),
            ["bars-long.svg"] = Plot.Bars(
                new PlotName("modes", "Hours by mode"),
                [new Bar("implementation-feature", 45_296), new Bar("validation-static", 7200), new Bar("ask", 1), new Bar("", 0)],
                PlotUnit.Seconds
            ),
            ["bars-short.svg"] = Plot.Bars(
                new PlotName("days", "Hours by day"),
                [new Bar("2026-03-01", 3600), new Bar("2026-03-02", 60), new Bar("2026-03-03", 0)],
                PlotUnit.Seconds
            ),
            ["bars-none.svg"] = Plot.Bars(new PlotName("days", "Hours by day"), [], PlotUnit.Seconds),
            ["bars-many.svg"] = Plot.Bars(
                new PlotName("tasks", "Runs by task"),
                [.. Enumerable.Range(1, 40).Select(static number => new Bar($"task {number}", 41 - number))],
                PlotUnit.Count
            ),
            ["bars-huge.svg"] = Plot.Bars(
                new PlotName("huge", "Huge"),
                [.. Enumerable.Repeat(new Bar("most", long.MaxValue), 33), new Bar("less", long.MinValue)],
                PlotUnit.Seconds
            ),
            ["distribution.svg"] = Plot.Distribution(
                new PlotName("lengths", "How long intervals took"),
                [new Bar("<1m", 3), new Bar("<5m", 12), new Bar("<1h", 0), new Bar("4h+", 1_234_567)]
            ),
            ["distribution-none.svg"] = Plot.Distribution(new PlotName("lengths", "How long intervals took"), [new Bar("<1m", 0)]),
            ["spend.svg"] = Plot.Spend(
                new PlotName("spend", "Spent today"),
                [
                    new SpendBar("Today", 3.5m, 10m, "USD"),
                    new SpendBar("This run", 2.25m, 1.5m, "USD"),
                    new SpendBar("Tokens", 123_456m, null, "tokens"),
                    new SpendBar("Nothing allowed", 0m, 0m, ""),
                ]
            ),
            ["spend-huge.svg"] = Plot.Spend(
                new PlotName("spend", "Spent today"),
                [
                    new SpendBar("Most", decimal.MaxValue, 0.0000000001m, "USD"),
                    new SpendBar("Least", decimal.MinValue, decimal.MaxValue, "USD"),
                ]
            ),
            ["spend-none.svg"] = Plot.Spend(new PlotName("spend", "Spent today"), []),
            ["stages.svg"] = Plot.Stages(
                new PlotName("stages", "Stages of the cycle"),
                [
                    new StageMark("planning", StageState.Done, "2 steps"),
                    new StageMark("implementation", StageState.Done, "1 step, 1 gate"),
                    new StageMark("validation", StageState.Running, "3 gates"),
                    new StageMark("quality", StageState.Held, ""),
                    new StageMark("integration", StageState.Ahead, "1 step"),
                ],
                [new StageBack(2, 1, 2), new StageBack(2, 0, 1), new StageBack(1, 1, 1), new StageBack(2, 1, 1), new StageBack(0, 4, 1)]
            ),
            ["stages-ended.svg"] = Plot.Stages(
                new PlotName("stages", "Stages of the cycle"),
                [new StageMark("planning", StageState.Failed, "1 step"), new StageMark("validation", StageState.Cancelled, "")],
                []
            ),
            ["stages-none.svg"] = Plot.Stages(new PlotName("stages", "Stages of the cycle"), [], [new StageBack(0, 0, 1)]),
            ["spark.svg"] = Plot.Sparkline(
                new PlotName("spark", "Runs a day"),
                [.. Enumerable.Range(0, 7).Select(static day => new Bar($"2026-03-0{day + 1}", day * day % 5))],
                PlotUnit.Count
            ),
            ["spark-one.svg"] = Plot.Sparkline(new PlotName("spark", "Runs a day"), [new Bar("2026-03-01", 4)], PlotUnit.Count),
            ["spark-none.svg"] = Plot.Sparkline(new PlotName("spark", "Runs a day"), [], PlotUnit.Count),
        };

    /// <summary>A drawing of each kind in which every text is the same one.</summary>
    public static IReadOnlyList<Drawing> Of(string text) =>
        [
            Plot.Slots(new PlotName("a", text), Days()),
            Plot.Slots(new PlotName("a", text), []),
            Plot.Bars(new PlotName("a", text), [new Bar(text, 1)], PlotUnit.Count),
            Plot.Distribution(new PlotName("a", text), [new Bar(text, 1)]),
            Plot.Spend(new PlotName("a", text), [new SpendBar(text, 1, 2, text)]),
            Plot.Stages(new PlotName("a", text), [new StageMark(text, StageState.Done, text)], [new StageBack(0, 0, 2)]),
            Plot.Sparkline(new PlotName("a", text), [new Bar(text, 1), new Bar(text, 2)], PlotUnit.Seconds),
        ];

    private static SlotDay[] Days() =>
        [
            new(
                new DateOnly(2026, 3, 1),
                [
                    new Slot(new TimeOnly(0, 0), SlotState.Fired),
                    new Slot(new TimeOnly(0, 10), SlotState.Failed),
                    new Slot(new TimeOnly(0, 20), SlotState.Fired, 3),
                    new Slot(new TimeOnly(6, 0), SlotState.Skipped, 12),
                    new Slot(new TimeOnly(23, 59), SlotState.Missed),
                ]
            ),
            new(new DateOnly(2026, 3, 2), []),
            new(
                new DateOnly(2026, 3, 3),
                [new Slot(new TimeOnly(9, 0), SlotState.Running), new Slot(new TimeOnly(10, 0), SlotState.Waiting)]
            ),
        ];
}
