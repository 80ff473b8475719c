namespace LoopOrchestrator.Core.Plots;

/// <summary>
/// Draws numbers as SVG, for the pages of the server and for reports. Pure: the same data gives the same text. It holds no script, no
/// style of its own and no address: colours come by classes from <see cref="PlotStyle"/>, every state has a shape beside its colour, and
/// what is drawn is told in words by title and description and in numbers by the table that comes with it. It is as wide as its place
/// and its letters stay as large as they are. All texts may be anybody's.
/// </summary>
public static class Plot
{
    /// <summary>What became of the moments of each day: a row for each day, its moments from midnight to midnight.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="days">The days in the order in which they are drawn; the latest are drawn where there are too many.</param>
    public static Drawing Slots(PlotName name, IReadOnlyList<SlotDay> days) => SlotStrip.Draw(name, days);

    /// <summary>Sums beside each other, from left to right; those behind the longest list that is drawn are one bar together.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="bars">The sums in the order in which they are drawn.</param>
    /// <param name="unit">What they count.</param>
    public static Drawing Bars(PlotName name, IReadOnlyList<Bar> bars, PlotUnit unit) => BarRows.Draw(name, bars, unit);

    /// <summary>How often each of some ranges was met: a column for each.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="columns">The ranges in their order, each with its count; few, with short labels.</param>
    public static Drawing Distribution(PlotName name, IReadOnlyList<Bar> columns) => Histogram.Draw(name, columns);

    /// <summary>What was used of each of some limits.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="bars">Mostly two.</param>
    public static Drawing Spend(PlotName name, IReadOnlyList<SpendBar> bars) => SpendBars.Draw(name, bars);

    /// <summary>The stages of a cycle from top to bottom, with the ways back as arcs beside them.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="stages">The stages in their order.</param>
    /// <param name="backs">How often it went back, from where to where; what names no stage is left out.</param>
    public static Drawing Stages(PlotName name, IReadOnlyList<StageMark> stages, IReadOnlyList<StageBack> backs) =>
        StageDiagram.Draw(name, stages, backs);

    /// <summary>A small line of how something went, for a place in a sentence or a table.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="points">The numbers with what each is called, from the earliest to the latest.</param>
    /// <param name="unit">What they count.</param>
    public static Drawing Sparkline(PlotName name, IReadOnlyList<Bar> points, PlotUnit unit) => SparkLine.Draw(name, points, unit);
}
