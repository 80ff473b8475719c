using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// The due moments of a schedule with an interval: a grid, and where days are constrained the rule that a grid point on
/// an unselected day moves to the next selected one and swallows the grid points of that day before it.
/// </summary>
internal sealed class IntervalOccurrences : IOccurrences
{
    // A step up to this always meets an unselected day, even one that a clock change shortened.
    private const long SurelyMeetsEveryDay = 22 * TimeSpan.TicksPerHour;

    // Enough to contain every selected weekday, and one day more for clock changes.
    private const long RecentPast = 9 * TimeSpan.TicksPerDay;

    // A day constraint on a grid that restarts is followed from the reference on; older ones than a century are nonsense.
    private const long MaxWalk = 36_525 * TimeSpan.TicksPerDay;

    private readonly Schedule _schedule;
    private readonly ScheduleInterval _interval;
    private readonly IProgression _grid;
    private readonly bool _restarts;

    private IntervalOccurrences(Schedule schedule, ScheduleInterval interval, IProgression grid)
    {
        _schedule = schedule;
        _interval = interval;
        _grid = grid;
        _restarts = schedule is { StartDate: null, StartHour: null };
    }

    private TimeZoneInfo Zone => _schedule.TimeZone;

    /// <summary>Due moments of a schedule that has an anchor.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="interval">Its interval; the count is positive.</param>
    /// <param name="reference">The moment of the last occurrence.</param>
    public static IntervalOccurrences After(Schedule schedule, ScheduleInterval interval, long reference)
    {
        var zone = schedule.TimeZone;
        var (count, step) = (interval.Count, ElapsedProgression.StepOf(interval));
        var local = ZoneTime.ToLocal(zone, reference);
        var day = ZoneTime.LocalDay(zone, reference);
        IProgression grid = (schedule, interval.Unit) switch
        {
            ({ StartDate: not null }, _) => FromStartDate(schedule, interval),
            ({ StartHour: not null }, TimeUnit.Day) => new CalendarProgression(
                zone,
                day + (ZoneTime.Resolve(zone, day, schedule.StartTime) > reference ? 0L : count),
                schedule.StartTime,
                count
            ),
            ({ StartHour: not null }, _) => ElapsedProgression.Through(ZoneTime.Resolve(zone, day, schedule.StartTime), step, reference),
            (_, TimeUnit.Day) => new CalendarProgression(zone, (long)day + count, WholeMinutes(local % TimeSpan.TicksPerDay), count),
            _ => new ElapsedProgression(WholeMinutes(reference).Ticks + step, step),
        };
        return new(schedule, interval, grid);
    }

    /// <summary>Due moments of a schedule that names a start and never ran.</summary>
    public static IntervalOccurrences FromStart(Schedule schedule, ScheduleInterval interval, long now)
    {
        if (schedule.StartDate is not null)
        {
            return new(schedule, interval, FromStartDate(schedule, interval));
        }

        var day = ZoneTime.LocalDay(schedule.TimeZone, now);
        return new(schedule, interval, From(schedule, interval, day));
    }

    /// <summary>The instant to which an occurrence on this unselected day moves.</summary>
    public static (int Day, long Instant) Moved(Schedule schedule, int day)
    {
        do
        {
            day++;
        } while (!schedule.Selects(ZoneTime.WeekDayOf(day)));

        return (day, ZoneTime.Resolve(schedule.TimeZone, day, schedule.StartTime));
    }

    public IEnumerable<long> Between(long after, long until) =>
        Segments(after).TakeWhile(segment => segment.After < until).SelectMany(segment => segment.Clip(after, until).Instants());

    public long Count(long after, long until, long limit)
    {
        var count = 0L;
        foreach (var segment in Segments(after))
        {
            if (segment.After >= until || count >= limit)
            {
                break;
            }

            count += segment.Clip(after, until).Count();
        }

        return Math.Min(count, limit);
    }

    public long? Last(long after, long until)
    {
        var recent = until - RecentPast;
        return (recent > after ? LastOf(recent, until) : null) ?? LastOf(after, until);
    }

    private static IProgression FromStartDate(Schedule schedule, ScheduleInterval interval) =>
        From(schedule, interval, schedule.StartDate!.Value.DayNumber);

    private static IProgression From(Schedule schedule, ScheduleInterval interval, int day) =>
        interval.Unit is TimeUnit.Day
            ? new CalendarProgression(schedule.TimeZone, day, schedule.StartTime, interval.Count)
            : new ElapsedProgression(ZoneTime.Resolve(schedule.TimeZone, day, schedule.StartTime), ElapsedProgression.StepOf(interval));

    private static TimeSpan WholeMinutes(long ticks) => new(ticks - (ticks % TimeSpan.TicksPerMinute));

    private long? LastOf(long after, long until)
    {
        long? last = null;
        foreach (var segment in Segments(after))
        {
            if (segment.After >= until)
            {
                break;
            }

            last = segment.Clip(after, until).Last() ?? last;
        }

        return last;
    }

    private IEnumerable<OccurrenceSegment> Segments(long after)
    {
        if (!_schedule.HasDayConstraint)
        {
            yield return new(_grid, after, ZoneTime.MaxTicks);
            yield break;
        }

        var (grid, reached) = (_grid, StartOfWalk(after));
        while (grid.InstantAt(grid.IndexAt(reached) + 1) is { } point)
        {
            var day = ZoneTime.LocalDay(Zone, point);
            if (_schedule.Selects(ZoneTime.WeekDayOf(day)))
            {
                var end = day + 1;
                while (_schedule.Selects(ZoneTime.WeekDayOf(end)))
                {
                    end++;
                }

                var until = StandstillException.Later(reached, Math.Max(point, ZoneTime.Resolve(Zone, end, TimeSpan.Zero) - 1));
                yield return new(grid, reached, until);
                reached = until;
            }
            else
            {
                var (moved, instant) = Moved(_schedule, day);
                if (instant <= reached)
                {
                    // Only at the end of the calendar, where instants are clamped.
                    yield break;
                }

                yield return OccurrenceSegment.Single(instant);
                reached = instant;
                grid = _restarts ? Restarted(moved, instant) : grid;
            }
        }
    }

    private IProgression Restarted(int day, long instant)
    {
        var step = ElapsedProgression.StepOf(_interval);
        return _interval.Unit is TimeUnit.Day
            ? new CalendarProgression(Zone, (long)day + _interval.Count, _schedule.StartTime, _interval.Count)
            : new ElapsedProgression(instant + step, step);
    }

    /// <summary>
    /// Where following the grid has to begin so that all after <paramref name="after"/> comes out right: at the beginning of the
    /// unselected days before it, because no move reaches across them. A grid that restarts with every move depends on all moves
    /// before, unless it is so fine that every run of unselected days restarts it.
    /// </summary>
    private long StartOfWalk(long after)
    {
        var day = ZoneTime.LocalDay(Zone, after);
        while (_schedule.Selects(ZoneTime.WeekDayOf(day)))
        {
            day--;
        }

        while (!_schedule.Selects(ZoneTime.WeekDayOf(day - 1)))
        {
            day--;
        }

        var boundary = ZoneTime.Resolve(Zone, day, TimeSpan.Zero) - 1;
        var first = (_grid.InstantAt(0) ?? ZoneTime.MaxTicks) - 1;
        var everyDay = _interval.Unit is not TimeUnit.Day && ElapsedProgression.StepOf(_interval) <= SurelyMeetsEveryDay;
        return !_restarts || everyDay ? Math.Max(boundary, first) : Math.Max(after - MaxWalk, first);
    }
}
