namespace LoopOrchestrator.Core.Memory;

/// <summary>An entry that was found.</summary>
/// <param name="Section">Where it stands.</param>
/// <param name="Timestamp">When it was written, as far as it says so.</param>
/// <param name="Mode">The mode that wrote it, as far as it says so.</param>
/// <param name="Category">Its category, or its heading.</param>
/// <param name="Snippet">The part of its text around the words found, each of them between « and »; … where text was left out.</param>
/// <param name="File">The file, relative to the workspace.</param>
/// <param name="Line">Its first line in that file, counted from 1.</param>
/// <param name="Pinned">It is never moved into the archive.</param>
/// <param name="Archived">It stands in the archive.</param>
/// <param name="Seen">How many times it was reported; 1 when never again.</param>
public sealed record MemoryHit(
    MemorySection Section,
    DateTimeOffset? Timestamp,
    string? Mode,
    string? Category,
    string Snippet,
    string File,
    int Line,
    bool Pinned,
    bool Archived,
    int Seen
);
