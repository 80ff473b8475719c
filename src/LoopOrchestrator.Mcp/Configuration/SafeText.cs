using System.Text;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Text of others in lines of ours.</summary>
internal static class SafeText
{
    // The first half of each tag character (U+E0000 and on), which is not seen either.
    private const char TagStart = '\uDB40';

    /// <summary>
    /// Writes control characters as escapes, so that a value can neither begin a line of its own nor steer the terminal that shows it, nor
    /// be read as something else.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsUnsafe))
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
                _ when IsUnsafe(character) || previous == TagStart => escaped.Append($"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
            previous = character;
        }

        return escaped.ToString();
    }

    /// <summary>The same for a text of several lines, which stay lines.</summary>
    public static string EscapeLines(string text) =>
        string.Join('\n', text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n').Select(Escape));

    // Control characters and line ends; what turns the direction of writing round, so that a line reads in another order than it has; and
    // what is not seen at all. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
    private static bool IsUnsafe(char character) =>
        char.IsControl(character)
        || character
            is '\u2028'
                or '\u2029'
                or '\u061C'
                or '\u200B'
                or '\u200E'
                or '\u200F'
                or (>= '\u202A' and <= '\u202E')
                or (>= '\u2060' and <= '\u2069')
                or '\uFEFF'
                or '\u115F'
                or '\u1160'
                or '\u3164'
                or '\uFFA0'
                or TagStart;
}
