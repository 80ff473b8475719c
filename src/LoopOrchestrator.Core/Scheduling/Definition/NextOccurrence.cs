using System.Globalization;
using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// When a schedule is due. Pure: the moment is always an argument. All instants come back with offset zero, to be used as keys.
/// <see cref="Schedule.Active"/>, <see cref="Schedule.Jitter"/> and whether anything ran are for the caller.
/// </summary>
/// <remarks>
/// Roo Scheduler's rules, made right: minutes and hours are elapsed time and days are calendar days; the grid goes through the
/// start, or else through the reference without its seconds, so that neither late starts nor skips make it drift; a wall-clock
/// time that a clock change leaves out is due at the first instant after the gap, one that occurs twice the first time (for cron see
/// <see cref="CronClock"/>).
/// Nothing throws for extreme input: what lies beyond the calendar is never due.
/// </remarks>
public static class NextOccurrence
{
    /// <summary>When a schedule that never ran is due for the first time, <paramref name="now"/> at the earliest.</summary>
    /// <returns>
    /// <paramref name="now"/> itself when no start is named and today is a selected day; with a start, the start or the next point of
    /// its grid; for cron its next occurrence. <see langword="null"/> when there is none.
    /// </returns>
    public static DateTimeOffset? First(Schedule schedule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var moment = ZoneTime.TicksOf(now);
        if (schedule is { Cron: null, Interval.Count: > 0, StartDate: null, StartHour: null })
        {
            var day = ZoneTime.LocalDay(schedule.TimeZone, moment);
            var due = schedule.Selects(ZoneTime.WeekDayOf(day)) ? moment : IntervalOccurrences.Moved(schedule, day).Instant;
            return due <= Limit(schedule, long.MaxValue) ? ZoneTime.InstantOf(due) : null;
        }

        IOccurrences? occurrences = schedule switch
        {
            { Cron: { } cron } => new CronOccurrences(schedule, cron),
            { Interval: { Count: > 0 } interval } => IntervalOccurrences.FromStart(schedule, interval, moment),
            _ => null,
        };
        return FirstOf(occurrences, schedule, moment - 1);
    }

    /// <summary>The first due moment strictly later than <paramref name="after"/>.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="after">The moment to look from.</param>
    /// <param name="reference">
    /// The last due moment (or, where none is known, the last execution) that a schedule without a start date counts from;
    /// <see langword="null"/> counts from <paramref name="after"/>.
    /// </param>
    /// <returns><see langword="null"/> when it is never due again.</returns>
    public static DateTimeOffset? Next(Schedule schedule, DateTimeOffset after, DateTimeOffset? reference)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return FirstOf(Occurrences(schedule, after, reference), schedule, ZoneTime.TicksOf(after));
    }

    /// <summary>
    /// The due moments later than <paramref name="from"/> and not later than <paramref name="to"/>, ascending. Each is calculated when
    /// it is asked for, so taking a few of millions costs only those few.
    /// </summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="from">Exclusive.</param>
    /// <param name="to">Inclusive.</param>
    /// <param name="reference">As for <see cref="Next"/>; <see langword="null"/> counts from <paramref name="from"/>.</param>
    public static IEnumerable<DateTimeOffset> Between(Schedule schedule, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? reference)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var due = Occurrences(schedule, from, reference)?.Between(ZoneTime.TicksOf(from), Limit(schedule, ZoneTime.TicksOf(to))) ?? [];
        return due.Select(ZoneTime.InstantOf);
    }

    /// <summary>
    /// The latest of what <see cref="Between"/> would list, without listing it; <see langword="null"/> when that is nothing.
    /// </summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="from">Exclusive.</param>
    /// <param name="to">Inclusive.</param>
    /// <param name="reference">As for <see cref="Between"/>.</param>
    public static DateTimeOffset? Last(Schedule schedule, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? reference)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var last = Occurrences(schedule, from, reference)?.Last(ZoneTime.TicksOf(from), Limit(schedule, ZoneTime.TicksOf(to)));
        return last is { } ticks ? ZoneTime.InstantOf(ticks) : null;
    }

    /// <summary>How many <see cref="Between"/> would list, or <paramref name="limit"/> when there are more.</summary>
    /// <remarks>
    /// One too many for a daily schedule across a day that its zone left out (Apia, 30 December 2011), if it is due at midnight.
    /// </remarks>
    /// <param name="schedule">The schedule.</param>
    /// <param name="from">Exclusive.</param>
    /// <param name="to">Inclusive.</param>
    /// <param name="reference">As for <see cref="Between"/>.</param>
    /// <param name="limit">Bounds the cost for cron, whose occurrences have to be counted one by one; intervals are calculated.</param>
    public static long Count(Schedule schedule, DateTimeOffset from, DateTimeOffset to, DateTimeOffset? reference, int limit = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        return Occurrences(schedule, from, reference)?.Count(ZoneTime.TicksOf(from), Limit(schedule, ZoneTime.TicksOf(to)), limit) ?? 0;
    }

    /// <summary>Why a schedule will not be due by itself any more; <see langword="null"/> when it will.</summary>
    /// <param name="schedule">The schedule; whether it is active is not considered.</param>
    /// <param name="now">Occurrences before it count only where they are missed and could be made up for.</param>
    public static string? NeverFires(Schedule schedule, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var last = schedule.LastExecutionTime;
        var start = schedule.StartDate is { } date
            ? ZoneTime.Resolve(schedule.TimeZone, date.DayNumber, schedule.StartTime)
            : ZoneTime.MinTicks;
        return schedule switch
        {
            { Cron: null, Interval: null } => "it has neither timeInterval with timeUnit nor cron",
            { Cron: null, Interval.Count: <= 0 } => $"its timeInterval is {schedule.Interval.Value.Count}; the smallest is 1",
            { Expiration: { } end } when ZoneTime.TicksOf(end) < start =>
                $"it starts at {Show(schedule, ZoneTime.InstantOf(start))}, after it expires at {Show(schedule, end)}",
            { Expiration: { } end } when end < now => $"it expired at {Show(schedule, end)}",
            _ when last is null && First(schedule, now) is not null => null,
            _ when last is not null && Next(schedule, last.Value, last) is not null => null,
            { Cron: { } cron } when Next(schedule with { SelectedDays = WeekDays.All, Expiration = null }, now, null) is null =>
                $"its cron expression '{cron}' has no occurrence any more",
            { Cron: { } cron } when Next(schedule with { Expiration = null }, now, null) is null =>
                $"no occurrence of its cron expression '{cron}' falls on one of its selectedDays",
            { Expiration: { } end } => $"its next occurrence would come after it expires at {Show(schedule, end)}",
            _ => "its next occurrence would come after the year 9999",
        };
    }

    private static IOccurrences? Occurrences(Schedule schedule, DateTimeOffset from, DateTimeOffset? reference) =>
        schedule switch
        {
            { Cron: { } cron } => new CronOccurrences(schedule, cron),
            { Interval: { Count: > 0 } interval } => IntervalOccurrences.After(schedule, interval, ZoneTime.TicksOf(reference ?? from)),
            _ => null,
        };

    private static DateTimeOffset? FirstOf(IOccurrences? occurrences, Schedule schedule, long after)
    {
        foreach (var due in occurrences?.Between(after, Limit(schedule, ZoneTime.MaxTicks)) ?? [])
        {
            return ZoneTime.InstantOf(due);
        }

        return null;
    }

    private static long Limit(Schedule schedule, long until) =>
        schedule.Expiration is { } end ? Math.Min(until, ZoneTime.TicksOf(end)) : until;

    private static string Show(Schedule schedule, DateTimeOffset instant) =>
        ZoneTime
            .InstantOf(ZoneTime.ToLocal(schedule.TimeZone, ZoneTime.TicksOf(instant)))
            .ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + $" ({schedule.TimeZone.Id})";
}
