using System.Globalization;

namespace LoopOrchestrator.Core.Plots;

/// <summary>Stages of a cycle below each other, each with a mark whose shape tells its state, and the ways back on the left.</summary>
internal static class StageDiagram
{
    private const int MaxStages = 40;
    private const int Row = 44;
    private const int Middle = 16;
    private const int Radius = 9;
    private const int MaxName = 32;
    private const int MaxDetail = 44;

    public static Drawing Draw(PlotName name, IReadOnlyList<StageMark> stages, IReadOnlyList<StageBack> backs)
    {
        var drawn = stages.Take(MaxStages).ToList();
        var arcs = backs
            .Where(back => back.To >= 0 && back.To <= back.From && back.From < drawn.Count && back.Count > 0)
            .GroupBy(static back => (back.From, back.To))
            .Select(static same => new StageBack(same.Key.From, same.Key.To, same.Sum(static back => Math.Min(back.Count, 1000))))
            .OrderBy(static back => back.From - back.To)
            .ThenBy(static back => back.From)
            .ToList();
        var table = new PlotTable(
            ["Stage", "State", "Detail", "Went back"],
            [
                .. drawn.Select(
                    (stage, index) =>
                        (IReadOnlyList<string>)
                            [
                                stage.Name,
                                Word(stage.State),
                                stage.Detail,
                                string.Join(", ", arcs.Where(arc => arc.From == index).Select(arc => Told(arc, drawn))),
                            ]
                ),
            ]
        );
        if (drawn.Count == 0)
        {
            return new Drawing(Svg.Nothing(name, "plot-stages", "There are no stages."), table);
        }

        // Room for the ways back where there are any.
        var line = arcs.Count > 0 ? 62 : Radius + 1;
        var svg = new Svg(name, "plot-stages", Describe(drawn, arcs), drawn.Count * Row);
        svg.Put($"line class=\"plot-axis\" x1=\"{line}\" x2=\"{line}\" y1=\"{Middle}\" y2=\"{((drawn.Count - 1) * Row) + Middle}\"");
        foreach (var arc in arcs)
        {
            DrawBack(svg, arc, drawn, line);
        }

        foreach (var arc in arcs.Where(static arc => arc.Count > 1))
        {
            DrawTimes(svg, arc, line);
        }

        foreach (var (index, stage) in drawn.Index())
        {
            DrawStage(svg, stage, line, index * Row);
        }

        if (stages.Count > drawn.Count)
        {
            svg.Text(
                $"class=\"plot-quiet\" x=\"{line + 18}\" y=\"{drawn.Count * Row - 2}\"",
                string.Create(CultureInfo.InvariantCulture, $"and {stages.Count - drawn.Count} more")
            );
        }

        return new Drawing(svg.End(), table);
    }

    private static void DrawStage(Svg svg, StageMark stage, int line, int top)
    {
        var word = Word(stage.State);
        svg.Open($"transform=\"translate({line} {top + Middle})\"", $"{stage.Name}: {word}")
            .Put($"circle class=\"plot-stage plot-{word}\" r=\"{Radius}\"");
        _ = stage.State switch
        {
            StageState.Done => svg.Put($"path class=\"plot-sign\" fill=\"none\" d=\"M-4 0.5 L-1 3.5 L4 -3\""),
            StageState.Failed => svg.Put($"path class=\"plot-sign\" fill=\"none\" d=\"M-3.5 -3.5 L3.5 3.5 M3.5 -3.5 L-3.5 3.5\""),
            StageState.Running => svg.Put($"circle class=\"plot-dot\" r=\"4\""),
            StageState.Held => svg.Put($"path class=\"plot-sign\" fill=\"none\" d=\"M-2.5 -3.5 V3.5 M2.5 -3.5 V3.5\""),
            StageState.Cancelled => svg.Put($"path class=\"plot-sign\" fill=\"none\" d=\"M-4 0 H4\""),
            _ => svg,
        };
        var detail = stage.Detail.Length == 0 ? word : $"{word}, {PlotText.Label(stage.Detail, MaxDetail)}";
        svg.Text($"class=\"plot-label plot-name\" x=\"18\" y=\"0\"", PlotText.Label(stage.Name, MaxName))
            .Text($"class=\"plot-quiet\" x=\"18\" y=\"16\"", detail)
            .Close();
    }

    // Wide ways lie outside of narrow ones; one to the same stage is a small loop.
    private static void DrawBack(Svg svg, StageBack arc, List<StageMark> stages, int line)
    {
        var (from, to) = ((arc.From * Row) + Middle, (arc.To * Row) + Middle);
        var reach = Reach(arc);
        var (start, end) = arc.From == arc.To ? (from + 7, to - 7) : (from - 3, to + 3);
        var edge = line - Radius - 1;
        svg.Open($"class=\"plot-back\"", Told(arc, stages))
            .Put($"path class=\"plot-arc\" fill=\"none\" d=\"M{edge} {start} C{edge - reach} {start} {edge - reach} {end} {edge} {end}\"")
            .Put($"path class=\"plot-arrow\" d=\"M{edge} {end} l-7 -4 v8 z\"");
        svg.Close();
    }

    // Above all arcs, on the outermost point of its own; beside one that is too small for that.
    private static void DrawTimes(Svg svg, StageBack arc, int line)
    {
        var (from, to) = ((arc.From * Row) + Middle, (arc.To * Row) + Middle);
        var x = line - Radius - 1 - (arc.From == arc.To ? Reach(arc) + 6 : Reach(arc) * 3 / 4);
        svg.Text(
            $"class=\"plot-number plot-times\" x=\"{x}\" y=\"{((from + to) / 2) + 4}\" text-anchor=\"middle\"",
            string.Create(CultureInfo.InvariantCulture, $"×{arc.Count}")
        );
    }

    private static int Reach(StageBack arc) => arc.From == arc.To ? 24 : Math.Min(46, 18 + (10 * (arc.From - arc.To)));

    private static string Told(StageBack arc, List<StageMark> stages)
    {
        var times = string.Create(CultureInfo.InvariantCulture, $"{arc.Count} time{(arc.Count == 1 ? "" : "s")}");
        return arc.From == arc.To ? $"begun anew {times}" : $"back to {PlotText.Label(stages[arc.To].Name, MaxName)} {times}";
    }

    private static string Describe(List<StageMark> stages, List<StageBack> arcs)
    {
        var told = stages.Select(stage => $"{PlotText.Label(stage.Name, MaxName)} {Word(stage.State)}");
        var backs = arcs.Select(arc => $" {PlotText.Label(stages[arc.From].Name, MaxName)} {Told(arc, stages)}.");
        return $"{string.Join(", ", told)}.{string.Concat(backs)}";
    }

    private static string Word(StageState state) =>
        state switch
        {
            StageState.Running => "running",
            StageState.Held => "held",
            StageState.Done => "done",
            StageState.Failed => "failed",
            StageState.Cancelled => "cancelled",
            _ => "ahead",
        };
}
