namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Decides the fate of the due moments since the last one in the ledger: which are made up for, which are not, and why. Pure.
/// </summary>
public static class MisfirePlan
{
    /// <summary>A moment passed longer ago than this was missed, not merely fired a little late.</summary>
    public static readonly TimeSpan Threshold = TimeSpan.FromMinutes(1);

    /// <summary>The due moments up to <paramref name="now"/> in order and without a gap; empty when none is due.</summary>
    /// <param name="schedule">An active schedule.</param>
    /// <param name="state">What the ledger knows of it.</param>
    /// <param name="all">What the ledger knows of all schedules together.</param>
    /// <param name="now">The moment of the decision.</param>
    public static IReadOnlyList<DueSegment> Create(Schedule schedule, ScheduleState state, ScheduleState all, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(all);
        var segments = new List<DueSegment>();
        var paused = state.PausedAt is not null ? state : all.PausedAt is not null ? all : null;
        if ((state.LastDueAt ?? schedule.LastExecutionTime) is not { } reference)
        {
            if (NextOccurrence.First(schedule, now) is { } first && first <= now)
            {
                segments.Add(paused is null ? Fire(first) : new DueSegment(first, first, 1, OccurrenceOutcome.Skipped, PausedReason(paused)));
            }

            return segments;
        }

        var from = reference;
        var pausedUntil = paused is not null ? now : Latest(state.ResumedAt, all.ResumedAt);
        if (pausedUntil > from)
        {
            Add(segments, schedule, from, pausedUntil.Value, reference, OccurrenceOutcome.Skipped, paused is null ? "the schedule was paused" : PausedReason(paused));
            from = pausedUntil.Value;
        }

        if (from >= now || NextOccurrence.Last(schedule, from, now, reference) is not { } last)
        {
            return segments;
        }

        if (schedule.MaxLateness is { } most && now - last > most)
        {
            Add(segments, schedule, from, now, reference, OccurrenceOutcome.Missed, $"nothing could fire it within its maxLateness of {most}");
        }
        else if (schedule.Misfire == MisfirePolicy.All)
        {
            AddAll(segments, schedule, from, now, reference);
        }
        else if (schedule.Misfire == MisfirePolicy.Skip && now - last > Threshold)
        {
            Add(segments, schedule, from, now, reference, OccurrenceOutcome.Missed, "nothing could fire it at its moment, and misfire is skip");
        }
        else
        {
            var (outcome, reason) = schedule.Misfire == MisfirePolicy.Skip
                ? (OccurrenceOutcome.Missed, "nothing could fire it at its moment, and misfire is skip")
                : (OccurrenceOutcome.Coalesced, $"nothing could fire it at its moment; the occurrence of {last.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} makes up for it");
            Add(segments, schedule, from, last.AddTicks(-1), reference, outcome, reason);
            segments.Add(Fire(last));
        }

        return segments;
    }

    private static void AddAll(List<DueSegment> segments, Schedule schedule, DateTimeOffset from, DateTimeOffset now, DateTimeOffset reference)
    {
        var moments = new Stack<DateTimeOffset>();
        var to = now;
        var earliest = schedule.MaxLateness is { } most && now - from > most ? now - most : from;
        while (moments.Count < schedule.MisfireLimit && to > earliest && NextOccurrence.Last(schedule, earliest, to, reference) is { } moment)
        {
            moments.Push(moment);
            to = moment.AddTicks(-1);
        }

        Add(segments, schedule, from, to, reference, OccurrenceOutcome.Missed, $"nothing could fire it at its moment, and misfire makes up for the latest {schedule.MisfireLimit} only");
        segments.AddRange(moments.Select(Fire));
    }

    private static void Add(
        List<DueSegment> segments,
        Schedule schedule,
        DateTimeOffset from,
        DateTimeOffset to,
        DateTimeOffset reference,
        OccurrenceOutcome outcome,
        string reason)
    {
        if (to > from && NextOccurrence.Next(schedule, from, reference) is { } first && first <= to)
        {
            var last = NextOccurrence.Last(schedule, from, to, reference) ?? first;
            segments.Add(new DueSegment(first, last, NextOccurrence.Count(schedule, from, to, reference), outcome, reason));
        }
    }

    private static DueSegment Fire(DateTimeOffset moment) => new(moment, moment, 1, null, null);

    private static string PausedReason(ScheduleState paused) => $"paused since {paused.PausedAt!.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {paused.PausedReason}";

    private static DateTimeOffset? Latest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right > left ? right : left;
}
