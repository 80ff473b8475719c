using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Tools.Calls;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>list_runs</c>; with a cursor where there are more.</summary>
internal sealed record RunListResult(IReadOnlyList<RunRow> Runs, string? NextCursor)
{
    /// <param name="runs">The runs, newest first, one more than wanted where there are more.</param>
    /// <param name="limit">How many are wanted.</param>
    /// <param name="withoutEvidence">Those of them that succeeded without any evidence.</param>
    /// <param name="mostBytes">How large the answer may be.</param>
    public static RunListResult From(
        IReadOnlyList<Run> runs,
        int limit,
        IReadOnlySet<string> withoutEvidence,
        int mostBytes = AnswerLimits.MaxBytes
    )
    {
        // A page ends where the answer would become too large, so that the next one begins with what this one leaves out.
        var rows = AnswerLimits.Fitting(
            runs.Take(limit).Select(run => RunRow.From(run) with { NoEvidence = withoutEvidence.Contains(run.Id) ? true : null }),
            RunRowJson.Default.RunRow,
            mostBytes
        );
        var last = rows.Count > 0 ? runs[rows.Count - 1] : null;
        return new RunListResult(rows, rows.Count < runs.Count ? new RunPosition(last!.CreatedAt, last.Id).ToString() : null);
    }
}
