using System.Buffers;
using System.Text;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Text of others in lines of ours.</summary>
internal static class SafeText
{
    // The first half of each tag character (U+E0000 and on), which is not seen either.
    private const char TagStart = '\uDB40';

    // Control characters and line ends; what turns the direction of writing round, so that a line reads in another order than it has; and
    // what is not seen at all. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
    private static readonly SearchValues<char> Unsafe = SearchValues.Create([
        .. Range('\u0000', '\u001F'),
        .. Range('\u007F', '\u009F'),
        '\u061C',
        '\u115F',
        '\u1160',
        '\u200B',
        '\u200E',
        '\u200F',
        .. Range('\u2028', '\u202E'),
        .. Range('\u2060', '\u2069'),
        '\u3164',
        '\uFEFF',
        '\uFFA0',
        TagStart,
    ]);

    /// <summary>
    /// Writes control characters as escapes, so that a value can neither begin a line of its own nor steer the terminal that shows it, nor
    /// be read as something else.
    /// </summary>
    public static string Escape(string text)
    {
        if (IsSafe(text))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        var previous = '\0';
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                _ when Unsafe.Contains(character) || previous == TagStart => escaped.Append($"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
            previous = character;
        }

        return escaped.ToString();
    }

    /// <summary>The same for a text of several lines, which stay lines.</summary>
    public static string EscapeLines(string text) =>
        string.Join('\n', text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(Escape));

    /// <summary>Whether a text is the same when escaped.</summary>
    public static bool IsSafe(ReadOnlySpan<char> text) => !text.ContainsAny(Unsafe);

    private static IEnumerable<char> Range(char first, char last) =>
        Enumerable.Range(first, last - first + 1).Select(static code => (char)code);
}
