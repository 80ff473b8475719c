using System.Text;

namespace LoopOrchestrator.Core.Plots;

/// <summary>What the slots of <see cref="Plot.Slots"/> mean, as an HTML list with a small picture of each.</summary>
internal static class SlotLegend
{
    /// <summary>The list.</summary>
    public static string Html { get; } = Make();

    private static string Make()
    {
        var html = new StringBuilder("<ul class=\"plot-legend\">");
        foreach (
            var state in (SlotState[])
                [SlotState.Fired, SlotState.Failed, SlotState.Missed, SlotState.Skipped, SlotState.Running, SlotState.Waiting]
        )
        {
            var name = new PlotName($"legend-{SlotStrip.Word(state)}", SlotStrip.Word(state));
            var svg = new Svg(name, "plot-key", $"A slot that is {SlotStrip.Word(state)}.", height: 20, width: "10");
            SlotStrip.DrawSlot(svg, state, "1", "9", "8", top: 0);
            html.Append("<li>").Append(svg.End()).Append(PlotText.Escape(SlotStrip.Word(state))).Append("</li>");
        }

        return html.Append("</ul>").ToString();
    }
}
