using System.Text;
using LoopOrchestrator.Core.Plots;

namespace LoopOrchestrator.Core.Reports.Writing;

/// <summary>Writes a report as Markdown; what is drawn in the other form is a table here. Pure.</summary>
public static class ReportMarkdown
{
    private const string Special = "\\`*_{}[]<>|#~!&$";

    /// <summary>Writes it.</summary>
    public static string Write(Report report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var document = ReportDocument.Of(report);
        var text = new StringBuilder($"# {Escape(document.Title)}\n\n{Escape(document.About)}\n");
        foreach (var section in document.Sections)
        {
            text.Append("\n## ").Append(Escape(section.Heading)).Append('\n');
            foreach (var block in section.Blocks)
            {
                text.Append('\n');
                Write(text, block);
            }
        }

        return text.ToString();
    }

    /// <summary>A text in one line in which nothing is markup, whatever stands in it.</summary>
    internal static string Escape(string text)
    {
        var result = new StringBuilder(text.Length + 16);
        foreach (var letter in PlotText.Seen(text))
        {
            if (Special.Contains(letter, StringComparison.Ordinal))
            {
                result.Append('\\');
            }

            result.Append(letter);
        }

        return result.ToString();
    }

    private static void Write(StringBuilder text, ReportBlock block)
    {
        switch (block)
        {
            case ReportBlock.Paragraph paragraph:
                text.Append(Escape(paragraph.Text)).Append('\n');
                break;
            case ReportBlock.Table table:
                Write(text, table);
                break;
            case ReportBlock.Figure figure:
                text.Append(Escape(figure.Caption)).Append(":\n\n");
                Write(
                    text,
                    new ReportBlock.Table(
                        [
                            .. figure.Drawing.Table.Headings.Select(
                                static (heading, index) => new ReportColumn(heading, IsNumber: index > 0)
                            ),
                        ],
                        figure.Drawing.Table.Rows
                    )
                );
                break;
            default:
                throw new InvalidOperationException($"{block.GetType().Name} is not written.");
        }
    }

    private static void Write(StringBuilder text, ReportBlock.Table table)
    {
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(static column => Escape(column.Heading))).Append(" |\n");
        text.Append("| ").AppendJoin(" | ", table.Columns.Select(static column => column.IsNumber ? "---:" : "---")).Append(" |\n");
        foreach (var row in table.Rows)
        {
            text.Append("| ").AppendJoin(" | ", row.Select(Escape)).Append(" |\n");
        }
    }
}
