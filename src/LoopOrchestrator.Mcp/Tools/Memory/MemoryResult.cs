using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>read_memory</c>.</summary>
internal sealed record MemoryResult(
    IReadOnlyList<MemoryEntryResult> Entries,
    int Lines,
    int MaxLines,
    int Headroom,
    IReadOnlyList<string> Findings
)
{
    public static MemoryResult From(MemoryReading reading) =>
        new(
            reading.Sections.SelectMany(static part => part.Entries).Select(MemoryEntryResult.From).ToList(),
            reading.Lines,
            reading.MaxLines,
            reading.Headroom,
            reading.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
