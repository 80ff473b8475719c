namespace LoopOrchestrator.Core.Plots;

/// <summary>A drawing, and the numbers that it shows.</summary>
/// <param name="Svg">An <c>svg</c> element, ready to stand in HTML or in a file of its own.</param>
/// <param name="Table">Its numbers; empty where there is nothing to draw.</param>
public sealed record Drawing(string Svg, PlotTable Table)
{
    /// <summary>What its shapes mean, as an HTML list with a small picture of each; empty where none needs it.</summary>
    public string Legend { get; init; } = "";
}
