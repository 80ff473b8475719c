using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>The answer of <c>get_timing</c>.</summary>
internal sealed record TimingReportResult(
    [property: Description("All complete intervals that fit. Open intervals and rows not understood are in no sum.")] TimingSumResult Total,
    [property: Description("By mode, the most time first.")] IReadOnlyList<TimingSumResult> ByMode,
    [property: Description("By priority.")] IReadOnlyList<TimingSumResult> ByPriority,
    [property: Description("By day (UTC), the latest first.")] IReadOnlyList<TimingSumResult> ByDay,
    [property: Description("The latest complete intervals.")] IReadOnlyList<TimingRowResult> Latest,
    [property: Description("Intervals that are open, the oldest first.")] IReadOnlyList<TimingRowResult> Open,
    [property: Description("How many are open in all.")] int OpenCount,
    [property: Description("Complete intervals of more than 3600 s, the longest first.")] IReadOnlyList<TimingRowResult> OverLimit,
    [property: Description("Rows read by a fall-back rule or not understood, with line and reason. They stay in the file.")] IReadOnlyList<string> Findings);
