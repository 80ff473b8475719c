using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Core.Clients;

/// <summary>
/// What a change does to a text, as lines for a person. Only what differs is shown and nothing around it: beside our entry there may be
/// somebody's credentials.
/// </summary>
internal static class TextDifference
{
    private const int MaxLines = 60;
    private const int MaxLength = 160;

    /// <summary>The place of the change and its lines, each with a sign and a blank before it.</summary>
    public static IReadOnlyList<string> Of(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        var (old, @new) = (Lines(before), Lines(after));
        if (before.IsEmpty && @new is [.., ""])
        {
            // The end of the last line of a new file is no line.
            @new = @new[..^1];
        }

        var same = 0;
        while (same < old.Length && same < @new.Length && old[same] == @new[same])
        {
            same++;
        }

        var tail = 0;
        while (tail < old.Length - same && tail < @new.Length - same && old[^(tail + 1)] == @new[^(tail + 1)])
        {
            tail++;
        }

        // What stands between two places of a change is somebody else's.
        var (removed, added) = (Without(old[same..^tail], @new[same..^tail]), Without(@new[same..^tail], old[same..^tail]));
        if (removed.Concat(added).Any(static line => line.Length > MaxLength))
        {
            return [Header(same), .. Inside(string.Join('\n', removed), string.Join('\n', added))];
        }

        List<string> lines = [.. removed.Select(static line => "- " + Shown(line)), .. added.Select(static line => "+ " + Shown(line))];
        return
        [
            Header(same),
            .. lines.Take(MaxLines),
            .. lines.Count > MaxLines ? [$"… {lines.Count - MaxLines} more lines"] : Array.Empty<string>(),
        ];
    }

    // The lines that the others do not have, each of which stands for one alike.
    private static string[] Without(string[] lines, string[] others)
    {
        var rest = others.CountBy(static line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return [.. lines.Where(line => !rest.TryGetValue(line, out var count) || (rest[line] = count - 1) < 0)];
    }

    private static string Header(int line) => string.Create(CultureInfo.InvariantCulture, $"@@ line {line + 1}");

    // A file in one long line: only the characters that differ.
    private static IEnumerable<string> Inside(string removed, string added)
    {
        var same = 0;
        while (same < removed.Length && same < added.Length && removed[same] == added[same])
        {
            same++;
        }

        var tail = 0;
        while (tail < removed.Length - same && tail < added.Length - same && removed[^(tail + 1)] == added[^(tail + 1)])
        {
            tail++;
        }

        return new[] { ("- …", removed[same..^tail]), ("+ …", added[same..^tail]) }
            .Where(static part => part.Item2.Length > 0)
            .Select(static part => $"{part.Item1}{(part.Item2.Length > 1000 ? part.Item2[..1000] : part.Item2)}…");
    }

    private static string[] Lines(ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        return text.Length == 0 ? [] : [.. text.Split('\n')];
    }

    private static string Shown(string line) => line.TrimEnd('\r');
}
