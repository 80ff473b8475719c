using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Tools.Calls;

namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>The answer of <c>list_cycles</c>; with a cursor where there are more.</summary>
internal sealed record CycleListResult(IReadOnlyList<CycleRow> Cycles, string? NextCursor)
{
    /// <param name="cycles">The cycles, newest first, one more than wanted where there are more.</param>
    /// <param name="limit">How many are wanted.</param>
    /// <param name="mostBytes">How large the answer may be.</param>
    public static CycleListResult From(IReadOnlyList<Cycle> cycles, int limit, int mostBytes = AnswerLimits.MaxBytes)
    {
        var rows = AnswerLimits.Fitting(cycles.Take(limit).Select(CycleRow.From), CycleRowJson.Default.CycleRow, mostBytes);
        var last = rows.Count > 0 ? cycles[rows.Count - 1].Run : null;
        return new CycleListResult(rows, rows.Count < cycles.Count ? new RunPosition(last!.CreatedAt, last.Id).ToString() : null);
    }
}
