using LoopOrchestrator.Core.Markdown;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// What the first line of an entry says: <c>## [time] [mode] - [category]: text [pinned]</c>, or the same as a line of its own.
/// </summary>
/// <param name="Timestamp">The time, where it is one.</param>
/// <param name="Mode">The mode.</param>
/// <param name="Category">The category, or a group's heading.</param>
/// <param name="Rest">What follows the category.</param>
/// <param name="Pinned">The line ends in the pin.</param>
internal sealed record MemoryHeader(DateTimeOffset? Timestamp, string? Mode, string? Category, string Rest, bool Pinned)
{
    /// <summary>The mark at the end of a header that keeps the entry in the file.</summary>
    public const string Pin = "[pinned]";

    /// <summary>A header that says nothing.</summary>
    public static readonly MemoryHeader None = new(null, null, null, "", Pinned: false);

    /// <summary>Writes a header of ours.</summary>
    public static string Format(DateTimeOffset timestamp, string mode, string category, bool pinned) =>
        $"## [{TimingTime.Format(timestamp)}] [{mode}] - [{category}]{(pinned ? " " + Pin : "")}";

    /// <summary>Reads the first line of an entry that has a heading, or of a group.</summary>
    public static (MemoryBlockKind Kind, MemoryHeader Header) Parse(MarkdownHeading heading)
    {
        var (title, pinned) = Unpin(heading.Title);
        return TryParse(title, pinned) is { } header
            ? (MemoryBlockKind.Headed, header)
            : (MemoryBlockKind.Group, new MemoryHeader(null, null, title, "", pinned));
    }

    /// <summary>
    /// Reads an entry in one line, with or without a bullet. The first bracket must hold a time, else it is somebody's link.
    /// </summary>
    public static MemoryHeader? TryParseLine(string line)
    {
        var text = line.StartsWith("- [", StringComparison.Ordinal) ? line[2..] : line;
        var (title, pinned) = Unpin(text);
        return text.StartsWith('[') && TryParse(title, pinned) is { Timestamp: not null } header ? header : null;
    }

    private static (string Title, bool Pinned) Unpin(string title) =>
        title.EndsWith(Pin, StringComparison.Ordinal) ? (title[..^Pin.Length].TrimEnd(), true) : (title, false);

    private static MemoryHeader? TryParse(string title, bool pinned)
    {
        var rest = title;
        if (TakeBracket(ref rest) is not { } time || TakeBracket(ref rest) is not { } mode)
        {
            return null;
        }

        var timestamp = TimingTime.Parse(time);
        if (timestamp is null && !string.Equals(time, "timestamp", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        rest = rest.TrimStart();
        rest = rest.StartsWith('-') ? rest[1..].TrimStart() : rest;
        var category = TakeBracket(ref rest);
        rest = rest.TrimStart();
        return new MemoryHeader(timestamp, mode, category, rest.StartsWith(':') ? rest[1..].TrimStart() : rest, pinned);
    }

    private static string? TakeBracket(ref string text)
    {
        var start = text.TrimStart();
        var end = start.StartsWith('[') ? start.IndexOf(']', StringComparison.Ordinal) : -1;
        if (end < 0)
        {
            return null;
        }

        text = start[(end + 1)..];
        return start[1..end].Trim();
    }
}
