namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>Instants a fixed elapsed time apart.</summary>
internal sealed class ElapsedProgression : IProgression
{
    // Longer than the calendar, and still small enough to be added to any instant.
    private const long MaxStep = 4_000_000_000_000_000_000;
    private readonly long _first;

    public ElapsedProgression(long first, long step)
    {
        _first = first;
        Step = step;
    }

    /// <summary>In ticks.</summary>
    public long Step { get; }

    /// <summary>The interval in ticks; anything longer than the calendar is as good as anything else that is.</summary>
    public static long StepOf(ScheduleInterval interval)
    {
        var unit = interval.Unit switch
        {
            TimeUnit.Minute => TimeSpan.TicksPerMinute,
            TimeUnit.Hour => TimeSpan.TicksPerHour,
            _ => TimeSpan.TicksPerDay,
        };
        return (long)Int128.Min(MaxStep, (Int128)interval.Count * unit);
    }

    /// <summary>
    /// The same spacing through <paramref name="anchor"/> in both directions, numbered from the first instant later than
    /// <paramref name="after"/>.
    /// </summary>
    public static ElapsedProgression Through(long anchor, long step, long after)
    {
        var distance = after - anchor;
        var steps = (distance / step) + (distance % step < 0 ? 0 : 1);
        return new(anchor + (steps * step), step);
    }

    public long IndexAt(long utc) => utc < _first ? -1 : (utc - _first) / Step;

    public long? InstantAt(long index)
    {
        var instant = _first + ((Int128)index * Step);
        return instant > ZoneTime.MaxTicks || instant < ZoneTime.MinTicks ? null : (long)instant;
    }
}
