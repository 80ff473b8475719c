using System.Globalization;

namespace LoopOrchestrator.Core.Plots;

/// <summary>Counts of ranges as columns beside each other.</summary>
internal static class Histogram
{
    private const int MaxColumns = 12;
    private const int MaxLabel = 8;
    private const int Tall = 96;
    private const int Top = 16;

    public static Drawing Draw(PlotName name, IReadOnlyList<Bar> columns)
    {
        var table = new PlotTable(
            ["Range", "Count"],
            [.. columns.Select(static column => (IReadOnlyList<string>)[column.Label, PlotText.Number(column.Value, PlotUnit.Count)])]
        );
        var drawn = columns.Take(MaxColumns).ToList();
        if (drawn.All(static column => column.Value <= 0))
        {
            return new Drawing(Svg.Nothing(name, "plot-distribution", "There is nothing to show yet."), table);
        }

        var most = drawn.Max(static column => column.Value);
        var told = drawn.Select(static column => $"{PlotText.Label(column.Label, MaxLabel)}: {Count(column)}");
        var svg = new Svg(name, "plot-distribution", $"{string.Join(", ", told)}.", Top + Tall + 20);
        foreach (var (index, column) in drawn.Index())
        {
            var height = Height(column.Value, most);
            var (left, middle, wide) = (At(index, drawn.Count), At(index + 0.43m, drawn.Count), At(0.86m, drawn.Count));
            svg.Open($"class=\"plot-column\"", $"{column.Label}: {Count(column)}")
                .Put($"rect class=\"plot-bar\" x=\"{left}\" y=\"{Top + Tall - height}\" width=\"{wide}\" height=\"{height}\"")
                .Text($"class=\"plot-number\" x=\"{middle}\" y=\"{Top + Tall - height - 4}\" text-anchor=\"middle\"", Short(column.Value))
                .Text(
                    $"class=\"plot-label\" x=\"{middle}\" y=\"{Top + Tall + 15}\" text-anchor=\"middle\" font-size=\"11\"",
                    PlotText.Label(column.Label, MaxLabel)
                )
                .Close();
        }

        svg.Put($"line class=\"plot-axis\" x1=\"0\" x2=\"100%\" y1=\"{Top + Tall}\" y2=\"{Top + Tall}\"");
        return new Drawing(svg.End(), table);
    }

    private static string Count(Bar column) => PlotText.Number(Math.Max(0, column.Value), PlotUnit.Count);

    private static int Height(long value, long most) => value <= 0 ? 0 : Math.Max(2, (int)Math.Round((decimal)value / most * Tall));

    private static string At(decimal column, int count) => string.Create(CultureInfo.InvariantCulture, $"{column / count * 100:0.##}%");

    // A column is narrow on a phone.
    private static string Short(long value) =>
        value switch
        {
            < 1 => "0",
            < 10_000 => PlotText.Number(value, PlotUnit.Count),
            < 10_000_000 => $"{PlotText.Number(value / 1000, PlotUnit.Count)}k",
            < 10_000_000_000 => $"{PlotText.Number(value / 1_000_000, PlotUnit.Count)}M",
            _ => $"{PlotText.Number(value / 1_000_000_000, PlotUnit.Count)}G",
        };
}
