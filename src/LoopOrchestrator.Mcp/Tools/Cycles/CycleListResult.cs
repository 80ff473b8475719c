namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>The answer of <c>list_cycles</c>, newest first.</summary>
internal sealed record CycleListResult(IReadOnlyList<CycleRow> Cycles, string? NextCursor);
