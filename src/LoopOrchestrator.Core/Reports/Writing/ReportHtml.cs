using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Plots;

namespace LoopOrchestrator.Core.Reports.Writing;

/// <summary>
/// Writes a report as one HTML file that needs nothing else: no script, no address of another place, and a policy in it that lets a
/// browser load and execute nothing but its own style sheet. Pure.
/// </summary>
public static class ReportHtml
{
    private const string Css = """
        :root { color-scheme: light dark; }
        body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem; font: 15px/1.5 system-ui, sans-serif;
          color: var(--plot-ink); background: var(--plot-paper); overflow-wrap: anywhere; }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; }
        h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; padding-bottom: .25rem; border-bottom: 1px solid var(--plot-axis); }
        p { margin: .5rem 0; max-width: 46rem; }
        .about { color: var(--plot-quiet); }
        figure { margin: 1.25rem 0; }
        figcaption { font-weight: 600; margin-bottom: .5rem; }
        .scroll { overflow-x: auto; margin: .75rem 0; }
        table { border-collapse: collapse; font-size: .9rem; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--plot-track);
          overflow-wrap: normal; }
        th { color: var(--plot-quiet); font-weight: 600; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        td.text { min-width: 6rem; max-width: 30rem; overflow-wrap: anywhere; }
        details { margin: .5rem 0; }
        summary { color: var(--plot-quiet); cursor: pointer; }
        @media print { body { max-width: none; padding: 0; } details { display: none; }
          h2 { break-after: avoid; } figure { break-inside: avoid; } }

        """;

    /// <summary>Writes it.</summary>
    public static string Write(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var document = ReportDocument.Of(report);
        var style = Css + PlotStyle.Css + "\n";
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        var html = new StringBuilder();
        html.Append(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy"
             content="default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>{PlotText.Escape(document.Title)}</title>
            <style>{style}</style>
            </head>
            <body>
            <main>
            <h1>{PlotText.Escape(document.Title)}</h1>
            <p class="about">{PlotText.Escape(document.About)}</p>

            """
        );
        foreach (var section in document.Sections)
        {
            html.Append("<section>\n<h2>").Append(PlotText.Escape(section.Heading)).Append("</h2>\n");
            foreach (var block in section.Blocks)
            {
                Write(html, block, section.Heading);
            }

            html.Append("</section>\n");
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static void Write(StringBuilder html, ReportBlock block, string heading)
    {
        switch (block)
        {
            case ReportBlock.Paragraph paragraph:
                html.Append("<p>").Append(PlotText.Escape(paragraph.Text)).Append("</p>\n");
                break;
            case ReportBlock.Table table:
                Write(html, table, heading);
                break;
            case ReportBlock.Figure figure:
                Write(html, figure);
                break;
            default:
                throw new InvalidOperationException($"{block.GetType().Name} is not written.");
        }
    }

    private static void Write(StringBuilder html, ReportBlock.Figure figure)
    {
        html.Append("<figure>\n<figcaption>").Append(PlotText.Escape(figure.Caption)).Append("</figcaption>\n").Append(figure.Drawing.Svg);
        html.Append('\n').Append(figure.Drawing.Legend.Length > 0 ? figure.Drawing.Legend + "\n" : "").Append("</figure>\n");
        if (figure.Drawing.Table is { Rows.Count: > 0 } table)
        {
            html.Append("<details>\n<summary>The same in numbers</summary>\n");
            Write(
                html,
                new ReportBlock.Table(
                    [.. table.Headings.Select(static (heading, index) => new ReportColumn(heading, IsNumber: index > 0))],
                    table.Rows
                ),
                figure.Caption
            );
            html.Append("</details>\n");
        }
    }

    // A table may be wider than a phone; then it is moved, with the keyboard too.
    private static void Write(StringBuilder html, ReportBlock.Table table, string heading)
    {
        html.Append("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
            .Append(PlotText.Escape(heading))
            .Append("\">\n<table>\n");
        html.Append("<thead><tr>");
        foreach (var column in table.Columns)
        {
            html.Append(column.IsNumber ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
            html.Append(PlotText.Escape(column.Heading)).Append("</th>");
        }

        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            html.Append("<tr>");
            foreach (var (index, cell) in row.Index())
            {
                html.Append(table.Columns[index].IsNumber ? "<td class=\"number\">" : "<td class=\"text\">");
                html.Append(PlotText.Escape(cell)).Append("</td>");
            }

            html.Append("</tr>\n");
        }

        html.Append("</tbody>\n</table>\n</div>\n");
    }
}
