using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Memory;

/// <summary>What the memory says.</summary>
/// <param name="Sections">The sections asked for, in the order of the file; one without entries is there as well.</param>
/// <param name="Diagnostics">Torn entries, headings out of place, broken characters; each with its line.</param>
/// <param name="Lines">How many lines the file has.</param>
/// <param name="MaxLines">How many it may have.</param>
/// <param name="Bytes">How many bytes it has.</param>
/// <param name="MaxBytes">How many it may have.</param>
public sealed record MemoryReading(
    IReadOnlyList<MemorySectionReading> Sections,
    IReadOnlyList<Diagnostic> Diagnostics,
    int Lines,
    int MaxLines,
    int Bytes,
    int MaxBytes
)
{
    /// <summary>How many lines are left before entries are archived; never negative.</summary>
    public int Headroom => Math.Max(0, MaxLines - Lines);
}
