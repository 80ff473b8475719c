namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// The occurrences of a cron rule on the clocks of a zone. Cronos finds the wall-clock times; which instants they are is decided here,
/// because Cronos asks the framework for gaps and repeated hours, and that knows neither Dublin's nor those of a moved base offset.
/// </summary>
/// <remarks>
/// A time that is left out when the clocks go forward: once, at the first instant after the gap. A time that occurs twice: both times
/// for a rule with <c>*</c>, a range or a step in its hours or a smaller field, else the first time. Every step goes forward; one that
/// does not ends the search with a <see cref="StandstillException"/>.
/// </remarks>
internal sealed class CronClock(CronRule rule, TimeZoneInfo zone)
{
    // No zone has ever repeated more than a day.
    private const long MaxRepeat = 25 * TimeSpan.TicksPerHour;

    /// <summary>The first occurrence later than <paramref name="after"/>, in UTC ticks; <see langword="null"/> for none.</summary>
    public long? Next(long after)
    {
        var offset = ZoneTime.OffsetAt(zone, after);
        var (from, local, inclusive) = (after, after + offset, false);
        if (EndOfRepeat(after) is { } end && end > local)
        {
            (local, inclusive) = (end, true);
        }

        while (NextWallClock(local, inclusive) is { } due)
        {
            if (ZoneChanges.First(zone, from, due - offset) is not { } change)
            {
                return due - offset;
            }

            var changed = ZoneTime.OffsetAt(zone, change);
            if (due < change + changed)
            {
                // Left out: the clocks go from before it to behind it.
                return change;
            }

            var repeats = changed < offset && !rule.FiresInBothPasses;
            (from, local, inclusive, offset) = (change, change + (repeats ? offset : changed), true, changed);
        }

        return null;
    }

    /// <summary>The last occurrence before <paramref name="before"/>, or at it; in UTC ticks, <see langword="null"/> for none.</summary>
    public long? Previous(long before, bool inclusive)
    {
        var until = inclusive ? before : before - 1;
        var offset = ZoneTime.OffsetAt(zone, until);
        var local = until + offset;
        while (PreviousWallClock(local) is { } due)
        {
            if (ZoneChanges.Last(zone, due - offset, until) is { } change)
            {
                var earlier = ZoneTime.OffsetAt(zone, change - 1);
                if (due >= change + earlier)
                {
                    return change;
                }

                (until, local, offset) = (change - 1, change - 1 + earlier, earlier);
            }
            else if (StartOfRepeat(due - offset) is { } repeat)
            {
                var earlier = ZoneTime.OffsetAt(zone, repeat - 1);
                (until, local, offset) = (repeat - 1, repeat - 1 + earlier, earlier);
            }
            else
            {
                return due - offset;
            }
        }

        return null;
    }

    // The wall-clock time up to which everything has been shown before, where that counts; null outside of such a time.
    private long? EndOfRepeat(long utc) => StartOfRepeat(utc) is { } change ? change + ZoneTime.OffsetAt(zone, change - 1) : null;

    // The change by which the clocks show at this instant what they have shown before, where that counts.
    private long? StartOfRepeat(long utc) =>
        !rule.FiresInBothPasses
        && ZoneChanges.Last(zone, utc - MaxRepeat, utc) is { } change
        && ZoneTime.ToLocal(zone, utc) < change + ZoneTime.OffsetAt(zone, change - 1)
            ? change
            : null;

    private long? NextWallClock(long local, bool inclusive)
    {
        local = ZoneTime.Clamp(local);
        return rule.Times.Next(local, inclusive) is { } due ? StandstillException.Later(inclusive ? local - 1 : local, due) : null;
    }

    private long? PreviousWallClock(long local)
    {
        local = ZoneTime.Clamp(local);
        return rule.Times.Previous(local) is { } due ? StandstillException.NotLater(local, due) : null;
    }
}
