using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>
/// Decides the fate of the due moments since the last one in the ledger: which are made up for, which are not, and why. Pure.
/// </summary>
internal static class MisfirePlan
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
        var segments = new List<DueSegment>();
        var paused =
            state.PausedAt is not null ? state
            : all.PausedAt is not null ? all
            : null;
        if (Line(schedule, state, now) is not var (line, from))
        {
            return segments;
        }

        var pausedUntil = paused is not null ? now : Latest(state.ResumedAt, all.ResumedAt);
        if (pausedUntil > from)
        {
            Add(
                segments,
                line,
                from,
                pausedUntil.Value,
                OccurrenceOutcome.Skipped,
                paused is null ? "the schedule was paused" : PausedReason(paused),
                OccurrenceReasonCode.Paused
            );
            from = pausedUntil.Value;
        }

        if (LastToFire(schedule, line, from, now) is not { } last)
        {
            return segments;
        }

        var late = now - ScheduleJitter.FiringMoment(schedule, last);
        if (late > schedule.MaxLateness)
        {
            Add(
                segments,
                line,
                from,
                last,
                OccurrenceOutcome.Missed,
                $"nothing could fire it within its maxLateness of {schedule.MaxLateness}"
            );
        }
        else if (schedule.Misfire == MisfirePolicy.All)
        {
            AddAll(segments, schedule, line, (from, last), now);
        }
        else if (schedule.Misfire == MisfirePolicy.Skip && late > Threshold)
        {
            Add(segments, line, from, last, OccurrenceOutcome.Missed, "nothing could fire it at its moment, and misfire is skip");
        }
        else
        {
            var (outcome, reason) =
                schedule.Misfire == MisfirePolicy.Skip
                    ? (OccurrenceOutcome.Missed, "nothing could fire it at its moment, and misfire is skip")
                    : (
                        OccurrenceOutcome.Coalesced,
                        $"nothing could fire it at its moment; the occurrence of {last.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} makes up for it"
                    );
            Add(segments, line, from, last.AddTicks(-1), outcome, reason);

            // Of a moment on time that has others in front of it, the run makes up for those.
            segments.Add(Fire(last, isCatchUp: late > Threshold || segments is [.., { Outcome: OccurrenceOutcome.Coalesced }]));
        }

        return segments;
    }

    /// <summary>
    /// The occurrence that is due by now and is still put off by its jitter; <see langword="null"/> for none. There is never more than one.
    /// </summary>
    public static DateTimeOffset? PutOff(Schedule schedule, ScheduleState state, DateTimeOffset now) =>
        schedule.Jitter is not null
        && Line(schedule, state, now) is var (line, from)
        && line.Last(from, now) is { } last
        && ScheduleJitter.FiringMoment(schedule, last) > now
            ? last
            : null;

    /// <summary>
    /// The first due moment up to <paramref name="now"/> that has no entry in the ledger; <see langword="null"/> when all have.
    /// </summary>
    public static DateTimeOffset? FirstWithoutEntry(Schedule schedule, ScheduleState state, DateTimeOffset now) =>
        Line(schedule, state, now) is var (line, from) && line.Next(from) is { } due && due <= now ? due : null;

    /// <summary>
    /// How many due moments up to <paramref name="until"/> have no entry in the ledger, counted up to about a limit: moments of years are
    /// not walked through for a number.
    /// </summary>
    public static long CountWithoutEntry(Schedule schedule, ScheduleState state, DateTimeOffset until, int limit) =>
        Line(schedule, state, until) is var (line, from) ? line.Count(from, until, limit) : 0;

    // A schedule with a start or a cron expression that never ran is due for the first time at a moment counted from when it was first
    // seen: counted from each look anew, that moment would move on just before it is reached.
    private static (DueLine Line, DateTimeOffset From)? Line(Schedule schedule, ScheduleState state, DateTimeOffset now)
    {
        if (state.Reference(schedule) is { } reference)
        {
            return (new DueLine(schedule, reference, first: null), reference);
        }

        return NextOccurrence.First(schedule, state.FirstSeenAt ?? now) is { } first && first <= now
            ? (new DueLine(schedule, first, first), first.AddTicks(-1))
            : null;
    }

    // The last one is enough to look at: what it is put off by ends before the next one is due, so all before it have had their moment.
    private static DateTimeOffset? LastToFire(Schedule schedule, DueLine line, DateTimeOffset from, DateTimeOffset now) =>
        line.Last(from, now) is { } last && ScheduleJitter.FiringMoment(schedule, last) > now
            ? line.Last(from, last.AddTicks(-1))
            : line.Last(from, now);

    private static void AddAll(
        List<DueSegment> segments,
        Schedule schedule,
        DueLine line,
        (DateTimeOffset From, DateTimeOffset To) due,
        DateTimeOffset now
    )
    {
        var moments = new Stack<DateTimeOffset>();
        var to = due.To;
        while (
            moments.Count < schedule.MisfireLimit
            && line.Last(due.From, to) is { } moment
            && !(now - ScheduleJitter.FiringMoment(schedule, moment) > schedule.MaxLateness)
        )
        {
            moments.Push(moment);
            to = moment.AddTicks(-1);
        }

        var reason =
            moments.Count < schedule.MisfireLimit
                ? $"nothing could fire it within its maxLateness of {schedule.MaxLateness}"
                : $"nothing could fire it at its moment, and misfire makes up for the latest {schedule.MisfireLimit} only";
        Add(segments, line, due.From, to, OccurrenceOutcome.Missed, reason);
        segments.AddRange(
            moments.Select(moment => Fire(moment, isCatchUp: now - ScheduleJitter.FiringMoment(schedule, moment) > Threshold))
        );
    }

    private static void Add(
        List<DueSegment> segments,
        DueLine line,
        DateTimeOffset from,
        DateTimeOffset to,
        OccurrenceOutcome outcome,
        string reason,
        OccurrenceReasonCode? code = null
    )
    {
        if (line.Next(from) is { } first && first <= to)
        {
            var last = line.Last(from, to) ?? first;
            segments.Add(new DueSegment(first, last, line.Count(from, to), outcome, reason) { ReasonCode = code });
        }
    }

    private static DueSegment Fire(DateTimeOffset moment, bool isCatchUp) => new(moment, moment, 1, null, null) { IsCatchUp = isCatchUp };

    private static string PausedReason(ScheduleState paused) =>
        $"paused since {paused.PausedAt!.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {paused.PausedReason}";

    private static DateTimeOffset? Latest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right > left ? right : left;
}
