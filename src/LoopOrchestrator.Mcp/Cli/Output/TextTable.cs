using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>Rows in aligned columns: plain text, for people, <c>grep</c> and <c>awk</c> alike.</summary>
internal sealed class TextTable(params string[] headings)
{
    private const string Gap = "  ";
    private readonly List<string[]> _rows = [];

    public int Count => _rows.Count;

    public void Add(params string?[] cells) =>
        _rows.Add(Array.ConvertAll(cells, static cell => string.IsNullOrEmpty(cell) ? "-" : SafeText.Escape(cell)));

    /// <summary>Writes the headings and rows, each line after <paramref name="indent"/>.</summary>
    public void Write(TextWriter output, string indent = "")
    {
        var widths = headings.Select((heading, column) => _rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToArray();
        foreach (var row in _rows.Prepend(headings))
        {
            output.WriteLine((indent + string.Join(Gap, row.Select((cell, column) => cell.PadRight(widths[column])))).TrimEnd());
        }
    }
}
