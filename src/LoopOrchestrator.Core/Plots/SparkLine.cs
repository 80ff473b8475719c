using System.Globalization;

namespace LoopOrchestrator.Core.Plots;

/// <summary>How a number went, as a line of a fixed small size.</summary>
internal static class SparkLine
{
    private const int Wide = 120;
    private const int High = 24;
    private const int Edge = 3;
    private const int MaxPoints = Wide / 2;

    public static Drawing Draw(PlotName name, IReadOnlyList<Bar> points, PlotUnit unit)
    {
        var table = new PlotTable(
            ["When", PlotText.Heading(unit)],
            [.. points.Select(point => (IReadOnlyList<string>)[point.Label, PlotText.Number(point.Value, unit)])]
        );
        if (points.Count == 0)
        {
            return new Drawing(Svg.Nothing(name, "plot-spark", "There is nothing to show yet."), table);
        }

        var values = Thin(points);
        var (least, most) = (values.Min(), values.Max());
        var places = values.Select((value, index) => Place(index, values.Count, value, least, most)).ToList();
        var told =
            $"From {PlotText.Number(values[0], unit)} to {PlotText.Number(values[^1], unit)}; "
            + $"least {PlotText.Number(least, unit)}, most {PlotText.Number(most, unit)}.";
        var svg = new Svg(name, "plot-spark", told, High, width: string.Create(CultureInfo.InvariantCulture, $"{Wide}"));
        if (places.Count > 1)
        {
            svg.Put($"polyline class=\"plot-line\" fill=\"none\" points=\"{string.Join(' ', places)}\"");
        }

        var last = places[^1].Split(',');
        svg.Put($"circle class=\"plot-point\" cx=\"{last[0]}\" cy=\"{last[1]}\" r=\"2.5\"");
        return new Drawing(svg.End(), table);
    }

    // Of many points in one place the largest is shown: what stands out must not be lost.
    private static List<long> Thin(IReadOnlyList<Bar> points)
    {
        var per = (points.Count + MaxPoints - 1) / MaxPoints;
        return [.. points.Select(static point => Math.Max(0, point.Value)).Chunk(per).Select(static chunk => chunk.Max())];
    }

    private static string Place(int index, int count, long value, long least, long most)
    {
        var x = count == 1 ? Wide - Edge : Edge + ((decimal)index / (count - 1) * (Wide - (2 * Edge)));
        var share = most == least ? 0.5m : ((decimal)value - least) / ((decimal)most - least);
        return string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{High - Edge - (share * (High - (2 * Edge))):0.#}");
    }
}
