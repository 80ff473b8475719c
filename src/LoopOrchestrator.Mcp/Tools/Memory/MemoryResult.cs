using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>read_memory</c>.</summary>
internal sealed record MemoryResult(
    int Lines,
    int MaxLines,
    int Headroom,
    IReadOnlyList<MemoryEntryResult> Entries,
    IReadOnlyList<string> Findings
)
{
    public static MemoryResult From(MemoryReading reading) =>
        new(
            reading.Lines,
            reading.MaxLines,
            reading.Headroom,
            reading.Sections.SelectMany(static part => part.Entries).Select(MemoryEntryResult.From).ToList(),
            reading.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
