using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// The instants at which the clocks of a zone are set. They are found by asking for offsets, six hours apart, because the framework's
/// own rules leave out what it does not take for daylight saving: winter time that is the exception (Dublin), a moved base offset
/// (Apia, Istanbul). Kept by year. Safe for many threads.
/// </summary>
internal static class ZoneChanges
{
    private const long Step = 6 * TimeSpan.TicksPerHour;

    private static readonly ConditionalWeakTable<TimeZoneInfo, ConcurrentDictionary<int, long[]>> Known = [];

    /// <summary>The first change later than <paramref name="after"/> and not later than <paramref name="until"/>.</summary>
    public static long? First(TimeZoneInfo zone, long after, long until)
    {
        for (var year = YearOf(after); year <= YearOf(until); year++)
        {
            foreach (var change in Of(zone, year))
            {
                if (change > after)
                {
                    return change <= until ? change : null;
                }
            }
        }

        return null;
    }

    /// <summary>The last change later than <paramref name="after"/> and not later than <paramref name="until"/>.</summary>
    public static long? Last(TimeZoneInfo zone, long after, long until)
    {
        for (var year = YearOf(until); year >= YearOf(after); year--)
        {
            foreach (var change in Of(zone, year).Reverse())
            {
                if (change <= until)
                {
                    return change > after ? change : null;
                }
            }
        }

        return null;
    }

    private static int YearOf(long utc) => new DateTime(Math.Clamp(utc, ZoneTime.MinTicks, ZoneTime.MaxTicks)).Year;

    private static long[] Of(TimeZoneInfo zone, int year) =>
        Known.GetOrCreateValue(zone).GetOrAdd(year, static (year, zone) => Find(zone, year), zone);

    // What happens at the very first instant of a year belongs to it.
    private static long[] Find(TimeZoneInfo zone, int year)
    {
        var changes = new List<long>();
        var low = Math.Max(new DateTime(year, 1, 1).Ticks - 1, ZoneTime.MinTicks);
        var end = year < DateTime.MaxValue.Year ? new DateTime(year + 1, 1, 1).Ticks - 1 : ZoneTime.MaxTicks;
        var before = ZoneTime.OffsetAt(zone, low);
        while (low < end)
        {
            var high = Math.Min(low + Step, end);
            var after = ZoneTime.OffsetAt(zone, high);
            if (after != before)
            {
                changes.Add(ZoneTime.FirstChange(zone, low, high, before));
            }

            (low, before) = (high, after);
        }

        return [.. changes];
    }
}
