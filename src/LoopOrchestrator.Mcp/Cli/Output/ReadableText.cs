using System.Text;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>How commands show moments, durations and text of others.</summary>
internal static class ReadableText
{
    private const int ShortLength = 200;

    /// <summary>A moment on the clock of a zone, with its offset.</summary>
    public static string Moment(DateTimeOffset? moment, TimeZoneInfo zone) =>
        moment is { } value ? TimeZoneInfo.ConvertTime(value, zone).ToString("yyyy-MM-dd HH:mm:ss zzz") : "-";

    /// <summary>Seconds as <c>1:02:03</c>.</summary>
    public static string Duration(double seconds) => $"{(long)seconds / 3600}:{(long)seconds / 60 % 60:00}:{(long)seconds % 60:00}";

    /// <summary>Text in one line of a table.</summary>
    public static string Short(string? text)
    {
        var line = string.Join(' ', (text ?? string.Empty).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= ShortLength ? line : TextCut.Shorten(line, ShortLength - 1);
    }

    /// <summary>Text of several lines: its lines and tabs stay, and nothing in it can steer the terminal.</summary>
    public static string Block(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            result.AppendJoin('\t', line.Split('\t').Select(SafeText.Escape)).Append('\n');
        }

        return result.ToString().TrimEnd('\n');
    }

    /// <summary>A program call as one would type it; for reading, and never given to a shell by us.</summary>
    public static string Command(IEnumerable<string> words) =>
        string.Join(
            ' ',
            words.Select(static word =>
                SafeText.Escape(
                    word.Length == 0 || word.Any(static c => char.IsWhiteSpace(c) || c is '"' or '\'')
                        ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"
                        : word
                )
            )
        );
}
