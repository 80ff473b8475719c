using System.Globalization;

namespace LoopOrchestrator.Core.Plots;

/// <summary>What was used of limits, each as a bar in a frame that is the limit.</summary>
internal static class SpendBars
{
    private const int MaxBars = 8;
    private const int MaxLabel = 40;
    private const int High = 42;

    public static Drawing Draw(PlotName name, IReadOnlyList<SpendBar> bars)
    {
        var table = new PlotTable(
            ["What", "Used", "Limit"],
            [
                .. bars.Select(static bar =>
                    (IReadOnlyList<string>)
                        [bar.Label, Amount(Math.Max(0, bar.Used), bar), bar.Limit is { } limit ? Amount(limit, bar) : "none"]
                ),
            ]
        );
        var drawn = bars.Take(MaxBars).ToList();
        if (drawn.Count == 0)
        {
            return new Drawing(Svg.Nothing(name, "plot-spend", "Nothing is known of what was used."), table);
        }

        var svg = new Svg(
            name,
            "plot-spend",
            $"{string.Join("; ", drawn.Select(static bar => $"{PlotText.Label(bar.Label, MaxLabel)}: {Describe(bar)}"))}.",
            drawn.Count * High
        );
        foreach (var (index, bar) in drawn.Index())
        {
            Draw(svg, bar, index * High);
        }

        return new Drawing(svg.End(), table);
    }

    private static void Draw(Svg svg, SpendBar bar, int top)
    {
        // With more used than may be, the limit is a mark within the bar.
        var used = Math.Max(0, bar.Used);
        var whole = Math.Max(used, bar.Limit ?? 0);
        var isOver = bar.Limit is { } most && used > most;

        // Without a limit there is nothing of which it is a part.
        var width = bar.Limit is null ? "0%" : PlotText.Percent(used, whole);
        var look = isOver ? "plot-bar plot-over" : "plot-bar";
        svg.Open($"transform=\"translate(0 {top})\"", $"{bar.Label}: {Describe(bar)}")
            .Text($"class=\"plot-label\" x=\"0\" y=\"13\"", PlotText.Label(bar.Label, MaxLabel))
            .Text($"class=\"plot-number\" x=\"100%\" y=\"13\" text-anchor=\"end\"", Describe(bar))
            .Put($"rect class=\"plot-track\" x=\"0\" y=\"19\" height=\"14\" width=\"100%\" rx=\"2\"")
            .Put($"rect class=\"{look}\" x=\"0\" y=\"19\" height=\"14\" width=\"{width}\" rx=\"2\"");
        if (isOver)
        {
            var at = PlotText.Percent(bar.Limit!.Value, whole);
            svg.Put($"line class=\"plot-limit\" x1=\"{at}\" x2=\"{at}\" y1=\"16\" y2=\"36\"");
        }

        svg.Close();
    }

    private static string Describe(SpendBar bar)
    {
        var used = Math.Max(0, bar.Used);
        return bar.Limit switch
        {
            null => $"{Amount(used, bar)}, no limit",
            <= 0 and var limit => $"{Amount(used, bar)} of {Amount(limit, bar)}",
            { } limit when used > limit => $"{Amount(used, bar)} of {Amount(limit, bar)}, over",
            { } limit => string.Create(
                CultureInfo.InvariantCulture,
                $"{Amount(used, bar)} of {Amount(limit, bar)} ({Math.Floor(used / limit * 100):0} %)"
            ),
        };
    }

    private static string Amount(decimal value, SpendBar bar) =>
        bar.Unit.Length == 0 ? PlotText.Amount(value) : $"{PlotText.Amount(value)} {PlotText.Label(bar.Unit, 12)}";
}
