using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>Due moments of a schedule within half an hour that share what became of them.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="At">The first of them.</param>
/// <param name="Outcome">What became of them; <see langword="null"/> while they wait.</param>
/// <param name="RunState">Where their runs stand; <see langword="null"/> where they have none, or it is not known any more.</param>
/// <param name="Count">How many.</param>
public sealed record OccurrenceSlot(string ScheduleId, DateTimeOffset At, OccurrenceOutcome? Outcome, RunState? RunState, long Count)
{
    /// <summary>How long a slot is; they begin with the hours of UTC.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The slots of a row that stands for several due moments, as far as they lie in a period. They are taken to be as far from each other
    /// as the first from the last allows.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="from">Where the period begins.</param>
    /// <param name="to">The moment before which it ends.</param>
    internal static IEnumerable<OccurrenceSlot> Spread(Occurrence row, DateTimeOffset from, DateTimeOffset to)
    {
        var step = row.Count > 1 ? Math.Max(1, (row.LastDueAt - row.DueAt).Ticks / (row.Count - 1)) : 1;
        for (var start = Floor(row.DueAt > from ? row.DueAt : from); start < to && start <= row.LastDueAt; start += Length)
        {
            var first = IndexFrom(start > from ? start : from);
            var behind = IndexFrom(start + Length < to ? start + Length : to);
            if (behind > first)
            {
                yield return new OccurrenceSlot(
                    row.ScheduleId,
                    row.DueAt.AddTicks(first * step),
                    row.Outcome,
                    row.RunState,
                    behind - first
                );
            }
        }

        // The number of the first moment that is not before this one.
        long IndexFrom(DateTimeOffset moment) =>
            moment <= row.DueAt ? 0 : Math.Min(row.Count, ((moment - row.DueAt).Ticks + step - 1) / step);
    }

    private static DateTimeOffset Floor(DateTimeOffset moment) => new(moment.UtcTicks - (moment.UtcTicks % Length.Ticks), TimeSpan.Zero);
}
