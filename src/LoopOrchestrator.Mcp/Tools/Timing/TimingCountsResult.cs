using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>
/// What the lines of the whole file are, whatever the filters; those that count in no sum are named by
/// <see cref="TimingReportResult.Note"/>.
/// </summary>
internal sealed record TimingCountsResult(
    int Rows,
    int RepairedRows,
    int UnmatchedEnds,
    int NotUnderstood,
    int BlankLines,
    int Headers,
    int Findings
)
{
    public static TimingCountsResult From(TimingSummary summary) =>
        new(
            summary.Rows,
            summary.RepairedRows,
            summary.UnmatchedEnds,
            summary.NotUnderstood,
            summary.BlankLines,
            summary.Headers,
            summary.DiagnosticCount
        );
}
