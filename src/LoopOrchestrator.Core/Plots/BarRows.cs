namespace LoopOrchestrator.Core.Plots;

/// <summary>Sums as bars below each other. Short labels stand before their bars, long ones above them.</summary>
internal static class BarRows
{
    private const int MaxBars = 31;
    private const int ShortLabel = 11;
    private const int MaxLabel = 40;
    private const int Described = 5;

    public static Drawing Draw(PlotName name, IReadOnlyList<Bar> bars, PlotUnit unit)
    {
        var table = new PlotTable(
            ["What", PlotText.Heading(unit)],
            [.. bars.Select(bar => (IReadOnlyList<string>)[bar.Label, PlotText.Number(bar.Value, unit)])]
        );
        var drawn = Drawn(bars);
        if (drawn.Count == 0)
        {
            return new Drawing(Svg.Nothing(name, "plot-bars", "There is nothing to show yet."), table);
        }

        var most = Math.Max(1, drawn.Max(static bar => bar.Value));
        var isShort = drawn.All(static bar => PlotText.Label(bar.Label, MaxLabel).Length <= ShortLabel);
        var height = isShort ? 20 : 36;
        var svg = new Svg(name, "plot-bars", Describe(drawn, unit), drawn.Count * height);
        foreach (var (index, bar) in drawn.Index())
        {
            var (label, number) = (PlotText.Label(bar.Label, MaxLabel), PlotText.Number(Math.Max(0, bar.Value), unit));
            svg.Open($"transform=\"translate(0 {index * height})\"", $"{bar.Label}: {number}");
            if (isShort)
            {
                // The bar takes about half of the place, so that its number has room behind it on a phone too.
                var width = PlotText.Percent(bar.Value, most, most: 55);
                svg.Text($"class=\"plot-label\" x=\"0\" y=\"14\"", label)
                    .Put($"rect class=\"plot-bar\" x=\"84\" y=\"3\" height=\"14\" width=\"{width}\" rx=\"2\"")
                    .Text($"class=\"plot-number\" transform=\"translate(90 0)\" x=\"{width}\" y=\"14\"", number);
            }
            else
            {
                svg.Text($"class=\"plot-label\" x=\"0\" y=\"13\"", label)
                    .Text($"class=\"plot-number\" x=\"100%\" y=\"13\" text-anchor=\"end\"", number)
                    .Put($"rect class=\"plot-track\" x=\"0\" y=\"19\" height=\"10\" width=\"100%\" rx=\"2\"")
                    .Put($"rect class=\"plot-bar\" x=\"0\" y=\"19\" height=\"10\" width=\"{PlotText.Percent(bar.Value, most)}\" rx=\"2\"");
            }

            svg.Close();
        }

        return new Drawing(svg.End(), table);
    }

    private static List<Bar> Drawn(IReadOnlyList<Bar> bars) =>
        bars.Count <= MaxBars
            ? [.. bars]
            :
            [
                .. bars.Take(MaxBars - 1),
                new Bar($"{bars.Count - MaxBars + 1} others", Sum(bars.Skip(MaxBars - 1).Select(static bar => Math.Max(0, bar.Value)))),
            ];

    // As much as a number holds: a bar that is too long is as long as one can be.
    private static long Sum(IEnumerable<long> values) =>
        values.Aggregate(0L, static (sum, value) => value > long.MaxValue - sum ? long.MaxValue : sum + value);

    private static string Describe(List<Bar> bars, PlotUnit unit)
    {
        var told = bars.Take(Described)
            .Select(bar => $"{PlotText.Label(bar.Label, MaxLabel)} {PlotText.Number(Math.Max(0, bar.Value), unit)}");
        return $"{string.Join(", ", told)}{(bars.Count > Described ? $", and {bars.Count - Described} more" : "")}.";
    }
}
