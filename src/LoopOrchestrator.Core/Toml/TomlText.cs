using System.Text;
using System.Text.Unicode;
using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Toml;

/// <summary>
/// A TOML file and what it says, each table with its place, so that one can be replaced and every other character stays as it is.
/// Immutable. It reads what TOML 1.0 has and the freedoms of 1.1 in inline tables and escapes; it does not judge whether a number or a
/// date can be one.
/// </summary>
internal sealed class TomlText
{
    private TomlText(string text, IReadOnlyList<TomlTable> tables, IReadOnlyDictionary<string, string> values, Diagnostic? problem)
    {
        Text = text;
        Tables = tables;
        Values = values;
        Problem = problem;
    }

    /// <summary>The whole text, a byte order mark included.</summary>
    public string Text { get; }

    /// <summary>The tables in the order of the text; the first has no header. None where there is a <see cref="Problem"/>.</summary>
    public IReadOnlyList<TomlTable> Tables { get; }

    /// <summary>
    /// Every leaf by the parts of its place, see <see cref="PlaceOf"/>: what two texts have in common that mean the same.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>Why the text could not be read, with line and column.</summary>
    public Diagnostic? Problem { get; }

    /// <summary>Reads a file. Never throws for what it holds.</summary>
    public static TomlText Read(ReadOnlySpan<byte> utf8, string file)
    {
        if (!Utf8.IsValid(utf8))
        {
            return new("", [], Empty, new(DiagnosticSeverity.Error, file, null, null, "the file is not UTF-8; save it as UTF-8"));
        }

        var text = Encoding.UTF8.GetString(utf8);
        try
        {
            var reader = new TomlReader(text);
            var tables = reader.Read();
            return new(text, tables, new TomlMeaning(tables).Values, null);
        }
        catch (TomlFaultException fault)
        {
            var (line, column) = PositionOf(text, fault.Offset);
            return new(text, [], Empty, new(DiagnosticSeverity.Error, file, line, column, fault.Message));
        }
    }

    /// <summary>The name of a place in <see cref="Values"/>.</summary>
    public static string PlaceOf(IEnumerable<string> parts) => string.Join('\u001F', parts);

    /// <summary>The line of a character, counted from 1.</summary>
    public int LineOf(int offset) => PositionOf(Text, offset).Line;

    private static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private static (int Line, int Column) PositionOf(string text, int offset)
    {
        offset = Math.Min(offset, text.Length);
        var start = offset == 0 ? 0 : text.LastIndexOf('\n', offset - 1) + 1;
        var before = text[start..offset];
        return (text.AsSpan(0, offset).Count('\n') + 1, before.EnumerateRunes().Count(static rune => rune.Value != 0xFEFF) + 1);
    }
}
