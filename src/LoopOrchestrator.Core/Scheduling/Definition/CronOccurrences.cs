using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>The due moments of a cron expression: none before the start, none on an unselected day.</summary>
internal sealed class CronOccurrences : IOccurrences
{
    private readonly Schedule _schedule;
    private readonly CronClock _clock;
    private readonly long _start;

    public CronOccurrences(Schedule schedule, CronRule cron)
    {
        _schedule = schedule;
        _clock = new CronClock(cron, schedule.TimeZone);
        _start = schedule.StartDate is { } date
            ? ZoneTime.Resolve(schedule.TimeZone, date.DayNumber, schedule.StartTime)
            : ZoneTime.MinTicks;
    }

    private TimeZoneInfo Zone => _schedule.TimeZone;

    public IEnumerable<long> Between(long after, long until)
    {
        var reached = Math.Max(after, _start - 1);
        while (reached < until && _clock.Next(reached) is { } next && next <= until)
        {
            reached = StandstillException.Later(reached, next);
            var day = ZoneTime.LocalDay(Zone, next);
            if (_schedule.Selects(ZoneTime.WeekDayOf(day)))
            {
                yield return next;
            }
            else
            {
                reached = Math.Max(next, StartOfNextSelectedDay(day) - 1);
            }
        }
    }

    public long? Last(long after, long until)
    {
        after = Math.Max(after, _start - 1);
        var reached = until;
        var inclusive = true;
        while (reached > after && _clock.Previous(reached, inclusive) is { } previous && previous > after)
        {
            var day = ZoneTime.LocalDay(Zone, previous);
            if (_schedule.Selects(ZoneTime.WeekDayOf(day)))
            {
                return previous;
            }

            while (!_schedule.Selects(ZoneTime.WeekDayOf(day - 1)))
            {
                day--;
            }

            reached = Math.Min(StandstillException.NotLater(reached, previous), ZoneTime.Resolve(Zone, day, TimeSpan.Zero));
            inclusive = false;
        }

        return null;
    }

    public long Count(long after, long until, long limit) => Between(after, until).Take((int)Math.Min(limit, int.MaxValue)).LongCount();

    private long StartOfNextSelectedDay(int day)
    {
        do
        {
            day++;
        } while (!_schedule.Selects(ZoneTime.WeekDayOf(day)));

        return ZoneTime.Resolve(Zone, day, TimeSpan.Zero);
    }
}
