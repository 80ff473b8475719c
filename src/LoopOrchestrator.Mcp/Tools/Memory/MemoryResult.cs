namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>read_memory</c>.</summary>
internal sealed record MemoryResult(
    IReadOnlyList<MemoryEntryResult> Entries,
    int Lines,
    int MaxLines,
    int Headroom,
    IReadOnlyList<string> Findings
);
