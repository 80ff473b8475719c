using LoopOrchestrator.Core.Plots;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>A plot with what it shows, and its numbers behind a word.</summary>
internal static class Figure
{
    /// <summary>Shows a plot in a panel of its own.</summary>
    /// <param name="id">The plot's id on its page, a literal.</param>
    /// <param name="title">The heading.</param>
    /// <param name="drawing">The plot.</param>
    public static Html Panel(string id, string title, Drawing drawing) =>
        Html.Of(
            $"""
            <section class="panel"><header><h2>{title}</h2></header><div class="body">{Of(id, title, drawing)}</div></section>
            """
        );

    /// <summary>Shows a plot.</summary>
    /// <param name="id">The plot's id on its page, a literal: by it its numbers stay open when the page is renewed.</param>
    /// <param name="title">What it shows.</param>
    /// <param name="drawing">The plot.</param>
    public static Html Of(string id, string title, Drawing drawing) =>
        Html.Of(
            $"""
            <figure class="plot-figure">{Html.OfMarkup(drawing.Svg)}{Html.OfMarkup(drawing.Legend)}</figure>
            {Html.If(
                drawing.Table.Rows.Count > 0,
                $"""
                <details id="{id}-numbers"><summary>In numbers<span class="hidden"> {title}</span></summary>{Table(
                    title,
                    drawing.Table
                )}</details>
                """
            )}
            """
        );

    /// <summary>The numbers of a plot as a table.</summary>
    /// <param name="title">What it shows.</param>
    /// <param name="table">The numbers.</param>
    public static Html Table(string title, PlotTable table) =>
        DataTable.Of(
            title,
            [.. table.Headings.Select(static (heading, index) => new DataColumn(heading, IsNumber: index > 0))],
            table.Rows.Select(static row => row.Select(static cell => Html.Of($"{cell}")))
        );
}
