namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// The due moments of one schedule as the ledger counts them: its very first one, where that is still to come, and the grid behind it.
/// </summary>
/// <param name="schedule">The schedule.</param>
/// <param name="reference">The last due moment known; the first one itself when none is.</param>
/// <param name="first">The first due moment ever, when it has no entry yet.</param>
internal sealed class DueLine(Schedule schedule, DateTimeOffset reference, DateTimeOffset? first)
{
    public DateTimeOffset? Next(DateTimeOffset from) => first > from ? first : NextOccurrence.Next(schedule, from, reference);

    public DateTimeOffset? Last(DateTimeOffset from, DateTimeOffset to) =>
        NextOccurrence.Last(schedule, Behind(from), to, reference) ?? (Holds(from, to) ? first : null);

    public long Count(DateTimeOffset from, DateTimeOffset to, int limit = int.MaxValue) =>
        (Behind(from) < to ? NextOccurrence.Count(schedule, Behind(from), to, reference, limit) : 0) + (Holds(from, to) ? 1 : 0);

    private DateTimeOffset Behind(DateTimeOffset from) => first > from ? first.Value : from;

    private bool Holds(DateTimeOffset from, DateTimeOffset to) => first > from && first <= to;
}
