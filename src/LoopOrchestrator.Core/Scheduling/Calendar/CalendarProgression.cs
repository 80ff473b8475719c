namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>A wall-clock time on every n-th local day.</summary>
/// <param name="zone">The zone whose days and clocks count.</param>
/// <param name="firstDay">The number of the first day, as <see cref="ZoneTime"/> numbers them.</param>
/// <param name="time">The wall-clock time.</param>
/// <param name="days">The distance in days, at least 1.</param>
internal sealed class CalendarProgression(TimeZoneInfo zone, long firstDay, TimeSpan time, int days) : IProgression
{
    public long IndexAt(long utc)
    {
        // The local day says the number up to one: a gap may have moved the instant into the day's neighbour.
        var index = Math.Max(-1, ((ZoneTime.LocalDay(zone, utc) - firstDay) / (long)days) - 1);
        while (InstantAt(index + 1) is { } next && next <= utc)
        {
            index++;
        }

        return index;
    }

    public long? InstantAt(long index)
    {
        var day = firstDay + ((Int128)index * days);
        if (index < 0 || day >= ZoneTime.MaxTicks / TimeSpan.TicksPerDay)
        {
            return null;
        }

        return ZoneTime.Resolve(zone, (int)day, time);
    }
}
