namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>search_memory</c>.</summary>
internal sealed record MemoryHitListResult(IReadOnlyList<MemoryHitResult> Hits, int Matching, string? Note);
