namespace LoopOrchestrator.Core.Memory;

/// <summary>One section of the memory.</summary>
/// <param name="Section">Which one.</param>
/// <param name="Title">Its canonical title.</param>
/// <param name="Entries">Its entries in the order of the file; those of the archive follow, the latest month first.</param>
public sealed record MemorySectionReading(MemorySection Section, string Title, IReadOnlyList<MemoryEntry> Entries);
