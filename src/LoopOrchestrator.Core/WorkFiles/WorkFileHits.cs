namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>A page of what a search found.</summary>
/// <param name="Hits">The lines, in the order of their files.</param>
/// <param name="Searched">How many files were read for it.</param>
/// <param name="NotSearched">How many were passed over: no text, too large, or not readable.</param>
/// <param name="NextCursor">Where the search goes on; <see langword="null"/> when all was searched.</param>
/// <param name="Unreadable">How many folders could not be read.</param>
/// <param name="Cut">How many folders have more entries than are looked at.</param>
public sealed record WorkFileHits(
    IReadOnlyList<WorkFileHit> Hits,
    int Searched,
    int NotSearched,
    string? NextCursor,
    int Unreadable,
    int Cut
);
