using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>
/// Rows in aligned columns: plain text, for people, <c>grep</c> and <c>awk</c> alike. On a terminal a row is a line: columns of free text
/// are cut until it fits, ids are short, states have colours. Elsewhere every value is whole.
/// </summary>
internal sealed class TextTable(params Column[] columns)
{
    private const string Gap = "  ";
    private const int MinFree = 6;
    private const int MinOfAll = 4;

    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string?[] cells) =>
        _rows.Add(Array.ConvertAll(cells, static cell => string.IsNullOrEmpty(cell) ? "-" : SafeText.Escape(cell)));

    /// <summary>Writes the headings and rows, each line after <paramref name="indent"/>.</summary>
    public void Write(TextWriter output, string indent = "")
    {
        var terminal = output as TerminalWriter;
        var rows = terminal is null ? _rows : [.. _rows.Select(ShortenIds())];
        var widths = columns
            .Select((column, index) => rows.Select(row => TextWidth.Of(row[index])).Append(TextWidth.Of(column.Heading)).Max())
            .ToArray();
        if (terminal is not null)
        {
            Fit(widths, terminal.Width - indent.Length);
        }

        output.WriteLine(Line(indent, [.. columns.Select(static column => column.Heading)], widths, hasColour: false));
        foreach (var row in rows)
        {
            output.WriteLine(Line(indent, row, widths, terminal?.HasColour == true));
        }
    }

    private string Line(string indent, string[] cells, int[] widths, bool hasColour) =>
        (
            indent
            + string.Join(
                Gap,
                cells.Select(
                    (cell, index) =>
                    {
                        var padded = TextWidth.Pad(TextWidth.Cut(cell, widths[index]), widths[index]);
                        return hasColour && columns[index].HoldsStates ? StateColour.Paint(padded) : padded;
                    }
                )
            )
        ).TrimEnd();

    // As many characters of the end as tell the ids of this table apart.
    private Func<string[], string[]> ShortenIds()
    {
        var length = ShortId.MinLength;
        for (var index = 0; index < columns.Length; index++)
        {
            var column = index;
            if (columns[column].HoldsIds)
            {
                length = Math.Max(length, ShortId.LengthFor(_rows.Select(row => row[column])));
            }
        }

        return row =>
            [.. row.Select((cell, index) => columns[index].HoldsIds && RunId.IsWellFormed(cell) ? ShortId.Of(cell, length) : cell)];
    }

    // The widest column gives first; whole ones only where the others have nothing left to give.
    private void Fit(int[] widths, int limit)
    {
        var room = limit - (Gap.Length * (widths.Length - 1));
        Take(index => !columns[index].IsWhole, index => Math.Max(MinFree, TextWidth.Of(columns[index].Heading)));
        Take(index => !columns[index].IsWhole, static _ => MinOfAll);
        Take(static _ => true, static _ => MinOfAll);

        void Take(Func<int, bool> mayGive, Func<int, int> least)
        {
            while (widths.Sum() > room)
            {
                var giving = Enumerable.Range(0, widths.Length).Where(index => mayGive(index) && widths[index] > least(index)).ToList();
                if (giving.Count == 0)
                {
                    return;
                }

                widths[giving.MaxBy(index => widths[index])]--;
            }
        }
    }
}
