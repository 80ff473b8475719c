namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>The answer of <c>get_timing</c>.</summary>
internal sealed record TimingReportResult(
    TimingSumResult Total,
    IReadOnlyList<TimingSumResult> ByMode,
    IReadOnlyList<TimingSumResult> ByPriority,
    IReadOnlyList<TimingSumResult> ByDay,
    IReadOnlyList<TimingRowResult> Latest,
    IReadOnlyList<TimingRowResult> Open,
    int OpenCount,
    IReadOnlyList<TimingRowResult> OverLimit,
    IReadOnlyList<string> Findings);
