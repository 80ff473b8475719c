namespace LoopOrchestrator.Core.Memory;

/// <summary>One entry of the memory.</summary>
/// <param name="Section">Where it stands.</param>
/// <param name="Timestamp">When it was written, as far as it says so.</param>
/// <param name="Mode">The mode that wrote it, as far as it says so.</param>
/// <param name="Category">Its category; for a group of bullets under a heading of its own, that heading.</param>
/// <param name="Text">What it says. Text that was made harmless on writing is as it was given.</param>
/// <param name="File">The file, relative to the workspace.</param>
/// <param name="Line">Its first line in that file, counted from 1.</param>
/// <param name="Pinned">It is never moved into the archive.</param>
/// <param name="Archived">It stands in the archive.</param>
/// <param name="Seen">How many times it was reported; 1 when never again.</param>
public sealed record MemoryEntry(
    MemorySection Section,
    DateTimeOffset? Timestamp,
    string? Mode,
    string? Category,
    string Text,
    string File,
    int Line,
    bool Pinned,
    bool Archived,
    int Seen
);
