namespace LoopOrchestrator.Core.Memory;

/// <summary>What became of a finding. All of it is on disk.</summary>
/// <param name="Lines">How many lines the memory has now.</param>
/// <param name="MaxLines">How many it may have.</param>
/// <param name="Bytes">How many bytes it has now.</param>
/// <param name="ArchivedEntries">How many older entries were moved to make room.</param>
/// <param name="ArchiveFile">Where they went, relative to the workspace; <see langword="null"/> when none was moved.</param>
/// <param name="IsDuplicate">The section said the same already: it was counted there and not repeated.</param>
/// <param name="Seen">How many times it has been reported, this one included.</param>
/// <param name="Line">The first line of the entry.</param>
public sealed record MemoryAppendResult(
    int Lines,
    int MaxLines,
    int Bytes,
    int ArchivedEntries,
    string? ArchiveFile,
    bool IsDuplicate,
    int Seen,
    int Line
);
