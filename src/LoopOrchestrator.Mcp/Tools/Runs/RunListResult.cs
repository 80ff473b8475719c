namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>list_runs</c>, newest first.</summary>
internal sealed record RunListResult(IReadOnlyList<RunRow> Runs, string? NextCursor);
