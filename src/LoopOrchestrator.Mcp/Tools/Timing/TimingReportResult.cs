using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>The answer of <c>get_timing</c>.</summary>
internal sealed record TimingReportResult(
    [property: Description("All complete intervals that fit. Open intervals and rows not understood are in no sum.")] TimingSumResult Total,
    IReadOnlyList<TimingSumResult> ByMode,
    IReadOnlyList<TimingSumResult> ByPriority,
    IReadOnlyList<TimingSumResult> ByDay,
    IReadOnlyList<TimingRowResult> Latest,
    [property: Description("Intervals that are open, the oldest first.")] IReadOnlyList<TimingRowResult> Open,
    int OpenCount,
    [property: Description("Complete intervals of more than 3600 s, the longest first.")] IReadOnlyList<TimingRowResult> OverLimit,
    [property: Description("Rows read by a fall-back rule or not understood, with line and reason. They stay in the file.")] IReadOnlyList<string> Findings);
