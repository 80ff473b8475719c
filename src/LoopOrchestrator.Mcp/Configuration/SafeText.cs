using System.Text;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Text of others in lines of ours.</summary>
internal static class SafeText
{
    /// <summary>
    /// Writes control characters as escapes, so that a value can neither begin a line of its own nor steer the terminal that shows it.
    /// </summary>
    public static string Escape(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => escaped.Append("\\n"),
                '\r' => escaped.Append("\\r"),
                '\t' => escaped.Append("\\t"),
                _ when IsUnsafe(character) => escaped.Append($"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    private static bool IsUnsafe(char character) => char.IsControl(character) || character is '\u2028' or '\u2029';
}
