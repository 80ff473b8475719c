using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>schedules history --json</c> prints.</summary>
/// <param name="Occurrences">The rows of the ledger, newest first.</param>
internal sealed record HistoryAnswer(IReadOnlyList<HistoryAnswer.DueMoment> Occurrences)
{
    public static HistoryAnswer From(IReadOnlyList<Occurrence> rows) =>
        new([
            .. rows.Select(static row => new DueMoment(
                row.ScheduleId,
                row.DueAt,
                row.LastDueAt,
                row.Count,
                OccurrenceNames.Name(row.Origin),
                row.OutcomeName,
                row.Reason,
                row.RunId,
                row.RunState?.Name(),
                row.DecidedAt
            )),
        ]);

    /// <summary>A row of the ledger.</summary>
    /// <param name="Moments">How many due moments it stands for.</param>
    /// <param name="OccurrenceOutcome">What the ledger has for them.</param>
    /// <param name="Outcome">What became of their run.</param>
    internal sealed record DueMoment(
        string ScheduleId,
        DateTimeOffset DueAt,
        DateTimeOffset LastDueAt,
        long Moments,
        string Origin,
        string OccurrenceOutcome,
        string? Reason,
        string? RunId,
        string? Outcome,
        DateTimeOffset? DecidedAt
    );
}
