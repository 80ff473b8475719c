namespace LoopOrchestrator.Core.Toml;

/// <summary>A table of a text as it stands there: its header and the keys below it. The first one of a text has no header.</summary>
/// <param name="Path">The parts of its name.</param>
/// <param name="IsArray">Whether the header has two brackets.</param>
/// <param name="Start">Where the line of its header begins.</param>
internal sealed record TomlTable(IReadOnlyList<string> Path, bool IsArray, int Start)
{
    /// <summary>Behind the last line in which it has something, that line's end included.</summary>
    public int End { get; set; }

    /// <summary>Its keys in their order.</summary>
    public List<TomlKey> Keys { get; } = [];

    /// <summary>Whether it is the table of this name, or stands below it.</summary>
    public bool IsAtOrBelow(IReadOnlyList<string> path) =>
        Path.Count >= path.Count && path.SequenceEqual(Path.Take(path.Count), StringComparer.Ordinal);
}
