namespace LoopOrchestrator.Core.Memory;

/// <summary>An entry by its lines in a <see cref="MemoryDocument"/>.</summary>
/// <param name="Section">The section it stands in.</param>
/// <param name="Kind">Its form.</param>
/// <param name="Start">The index of its first line.</param>
/// <param name="End">The index after its last line that is not blank.</param>
/// <param name="Header">What its first line says.</param>
internal sealed record MemoryBlock(MemorySection Section, MemoryBlockKind Kind, int Start, int End, MemoryHeader Header)
{
    /// <summary>Whether it may be moved into the archive: loose lines without a heading would lose their meaning there.</summary>
    public bool IsMovable => Kind != MemoryBlockKind.Loose && !Header.Pinned;
}
