using System.Globalization;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Markdown;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// How an entry's text becomes lines and comes back. The first line follows the finding's bullet, the others are indented below it;
/// a line that Markdown would take for a heading, a rule or a fence gets a backslash before it, which is what Markdown itself asks for.
/// </summary>
internal static class MemoryText
{
    private const string Bullet = "- **Finding**: ";
    private const string PlainBullet = "- Finding: ";
    private const string Indent = "  ";
    private const string SeenBullet = "- **Seen**: ";
    private const string SeenLast = " times, last ";

    /// <summary>Line ends made one, nothing before and after, no half characters: the form in which a text comes back.</summary>
    public static string Normalise(string content) =>
        ControlPictures.Decode(ControlPictures.Encode(content)).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim();

    /// <summary>The lines of an entry's body.</summary>
    public static IEnumerable<string> ToLines(string normalised)
    {
        var lines = normalised.Split('\n');
        yield return Bullet + ControlPictures.Encode(lines[0], keepTabs: true);
        foreach (var line in lines.Skip(1))
        {
            yield return line.Length == 0 ? "" : Indent + Protect(ControlPictures.Encode(line, keepTabs: true));
        }
    }

    /// <summary>The text of an entry, and how many times it was seen.</summary>
    /// <param name="rest">What follows the category in the header.</param>
    /// <param name="lines">The lines below the header.</param>
    public static (string Text, int Seen) FromLines(string rest, IReadOnlyList<SourceLine> lines)
    {
        var body = lines.Select(line => line.Text).ToList();
        var seen = 1;
        if (body.Count > 0 && ParseSeen(body[^1]) is { } counted)
        {
            seen = counted.Count;
            body.RemoveAt(body.Count - 1);
        }

        var prefix =
            body.Count == 0
                ? null
                : new[] { Bullet, PlainBullet }.FirstOrDefault(bullet => body[0].StartsWith(bullet, StringComparison.Ordinal));
        var isOneFinding =
            rest.Length == 0
            && prefix is not null
            && body.Skip(1).All(line => line.Length == 0 || (line.StartsWith(Indent, StringComparison.Ordinal)));
        var text =
            isOneFinding
                ? body.Skip(1).Select(line => line.Length == 0 ? "" : Unprotect(line[Indent.Length..])).Prepend(body[0][prefix!.Length..])
            : rest.Length > 0 ? body.Prepend(rest)
            : body;
        var joined = string.Join('\n', text);
        return (isOneFinding ? ControlPictures.Decode(joined) : joined, seen);
    }

    /// <summary>The line that counts repetitions.</summary>
    public static string FormatSeen(int count, DateTimeOffset last, bool indented) =>
        $"{(indented ? Indent : "")}{SeenBullet}{count}{SeenLast}{TimingTime.Format(last)}";

    /// <summary>How many times and when last, when the line is one that counts repetitions.</summary>
    public static (int Count, DateTimeOffset? Last)? ParseSeen(string line)
    {
        var text = line.TrimStart();
        if (!text.StartsWith(SeenBullet, StringComparison.Ordinal))
        {
            return null;
        }

        return
            text[SeenBullet.Length..].Split(SeenLast, 2) is [var number, var last]
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
            ? (count, TimingTime.Parse(last))
            : null;
    }

    /// <summary>Two texts with the same key say the same: case and spacing do not count.</summary>
    public static string Key(string text) =>
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToUpperInvariant();

    private static string Protect(string line)
    {
        var start = line.Length - line.AsSpan().TrimStart().Length;
        return IsRisky(line.AsSpan(start).TrimStart('\\')) ? line.Insert(start, "\\") : line;
    }

    private static string Unprotect(string line)
    {
        var start = line.Length - line.AsSpan().TrimStart().Length;
        return start < line.Length && line[start] == '\\' && IsRisky(line.AsSpan(start).TrimStart('\\')) ? line.Remove(start, 1) : line;
    }

    private static bool IsRisky(ReadOnlySpan<char> text)
    {
        var trimmed = text.TrimEnd();
        return trimmed.StartsWith("#")
            || trimmed.StartsWith("```")
            || trimmed.StartsWith("~~~")
            || trimmed.StartsWith(SeenBullet)
            || (trimmed.Length > 0 && trimmed[0] is '-' or '=' && trimmed.IndexOfAnyExcept(trimmed[0]) < 0);
    }
}
