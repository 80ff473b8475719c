using System.Buffers;
using System.Globalization;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>
/// Lines of CSV by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it, for the texts are those of
/// agents and of whoever wrote a task; what cannot be seen is written as an escape. Numbers, moments and truth values are ours and stay
/// as they are.
/// </summary>
internal static class Csv
{
    /// <summary>What ends a line.</summary>
    public const string LineEnd = "\r\n";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    // A tab or a line end before it does not keep a spreadsheet from seeing the sign behind it.
    private static readonly SearchValues<char> Formula = SearchValues.Create("=+-@\t\r\n");

    /// <summary>The line that names the columns.</summary>
    public static string Header<T>(IReadOnlyList<CsvColumn<T>> columns) =>
        string.Join(',', columns.Select(static column => Cell(column.Name))) + LineEnd;

    /// <summary>The line of a row.</summary>
    public static string Line<T>(IReadOnlyList<CsvColumn<T>> columns, T row) =>
        string.Join(',', columns.Select(column => Cell(column.Value(row)))) + LineEnd;

    private static string Cell(object? value) =>
        value switch
        {
            null => "",
            string text => Cell(text),
            DateTimeOffset moment => moment.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            bool truth => truth ? "true" : "false",
            IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
            _ => throw new InvalidOperationException($"A column has a {value.GetType().Name}."),
        };

    private static string Cell(string text)
    {
        var shown = SafeText.EscapeLines(text);
        if (text.Length > 0 && Formula.Contains(text[0]))
        {
            shown = "'" + shown;
        }

        return shown.AsSpan().IndexOfAny(Quoted) < 0 ? shown : $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
