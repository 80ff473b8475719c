namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>A table. Where it is wider than its place it is moved there, with the keyboard too.</summary>
internal static class DataTable
{
    /// <summary>Draws it.</summary>
    /// <param name="title">What it shows; the part of the page that it stands in may be called the same.</param>
    /// <param name="columns">Its columns.</param>
    /// <param name="rows">Its rows, with as many cells each.</param>
    public static Html Of(string title, IReadOnlyList<DataColumn> columns, IEnumerable<IEnumerable<Html>> rows) =>
        Html.Of(
            $"""
            <div class="scroll" role="region" tabindex="0" aria-label="{title}, as a table"><table class="data"><thead><tr>{columns.Select(
                static column => Html.Of($"""<th scope="col"{Class(column)}>{column.Heading}</th>""")
            )}</tr></thead><tbody>{rows.Select(row => Row(columns, row))}</tbody></table></div>
            """
        );

    private static Html Row(IReadOnlyList<DataColumn> columns, IEnumerable<Html> cells) =>
        Html.Of($"<tr>{cells.Select((cell, index) => Html.Of($"<td{Class(columns[index])}>{cell}</td>"))}</tr>");

    private static Html Class(DataColumn column) => Html.If(column.IsNumber, $" class=\"number\"");
}
