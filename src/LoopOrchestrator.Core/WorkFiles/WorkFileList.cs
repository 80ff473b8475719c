namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>A page of what stands in a folder and below it.</summary>
/// <param name="Entries">The entries, a folder before what is in it.</param>
/// <param name="NextCursor">Where the next page begins; <see langword="null"/> at the end.</param>
/// <param name="Unreadable">How many folders below could not be read.</param>
/// <param name="Cut">How many folders have more entries than are looked at.</param>
public sealed record WorkFileList(IReadOnlyList<WorkFileRow> Entries, string? NextCursor, int Unreadable, int Cut);
