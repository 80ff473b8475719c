using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>The answer of <c>get_timing</c>.</summary>
internal sealed record TimingReportResult(
    TimingSumResult Total,
    string Note,
    IReadOnlyList<TimingSumResult> ByMode,
    IReadOnlyList<TimingSumResult> ByPriority,
    IReadOnlyList<TimingSumResult> ByDay,
    IReadOnlyList<TimingSumResult> ByTask,
    IReadOnlyList<TimingRowResult> Latest,
    IReadOnlyList<TimingRowResult> Open,
    int OpenCount,
    IReadOnlyList<TimingRowResult> OverLimit,
    int OverLimitCount,
    TimingCountsResult Lines,
    IReadOnlyList<string> Findings
)
{
    public static TimingReportResult From(TimingSummary summary)
    {
        var report = summary.Report;
        return new(
            TimingSumResult.From(report.Total),
            NoteOn(summary),
            report.ByMode.Select(TimingSumResult.From).ToList(),
            report.ByPriority.Select(TimingSumResult.From).ToList(),
            report.ByDay.Select(TimingSumResult.From).ToList(),
            report.ByTask.Select(TimingSumResult.From).ToList(),
            report.Complete.Select(TimingRowResult.From).ToList(),
            report.Open.Select(TimingRowResult.From).ToList(),
            report.OpenCount,
            report.OverLimit.Select(TimingRowResult.From).ToList(),
            report.OverLimitCount,
            TimingCountsResult.From(summary),
            summary.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
    }

    /// <summary>Says what counts, and how much was left out and why.</summary>
    public static string NoteOn(TimingSummary summary) =>
        $"Only complete intervals count. Left out: {summary.Report.OpenCount} open, {summary.UnmatchedEnds} ended without "
        + $"a start, {summary.NotUnderstood} rows that could not be understood.";
}
