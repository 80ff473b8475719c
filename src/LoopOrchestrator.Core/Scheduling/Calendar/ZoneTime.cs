namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// Between instants (UTC ticks) and wall-clock time (local ticks) of a zone. Only the zone's offset at an instant is asked for:
/// what the framework says of invalid and ambiguous times does not cover zones that moved their base offset (Apia, 2011).
/// </summary>
internal static class ZoneTime
{
    /// <summary>
    /// Instants and wall times outside these are treated as never; three days keep every offset within what ticks can hold.
    /// </summary>
    public const long MinTicks = 3 * TimeSpan.TicksPerDay;

    /// <summary>The other end, in the last days of the year 9999.</summary>
    public const long MaxTicks = 3_155_378_975_999_999_999 - MinTicks;

    /// <summary>The instant, brought into the range.</summary>
    public static long TicksOf(DateTimeOffset instant) => Clamp(instant.UtcTicks);

    /// <summary>An instant or a wall-clock time, brought into the range.</summary>
    public static long Clamp(long ticks) => Math.Clamp(ticks, MinTicks, MaxTicks);

    /// <summary>The instant as others see it; offset zero.</summary>
    public static DateTimeOffset InstantOf(long ticks) => new(ticks, TimeSpan.Zero);

    /// <summary>The wall-clock time at an instant.</summary>
    public static long ToLocal(TimeZoneInfo zone, long utc) => utc + OffsetAt(zone, utc);

    /// <summary>The number of the local day at an instant, counted from 0001-01-01.</summary>
    public static int LocalDay(TimeZoneInfo zone, long utc) => (int)(ToLocal(zone, utc) / TimeSpan.TicksPerDay);

    /// <summary>The weekday of a numbered day; day 0 was a Monday, and days before it count too.</summary>
    public static DayOfWeek WeekDayOf(int day) => (DayOfWeek)((((day + 1) % 7) + 7) % 7);

    /// <summary>
    /// The first instant at which the clocks show the time or a later one: in a gap the first instant after it,
    /// for an hour that occurs twice the first of the two.
    /// </summary>
    public static long Resolve(TimeZoneInfo zone, int day, TimeSpan time)
    {
        var local = Math.Clamp((day * TimeSpan.TicksPerDay) + time.Ticks, MinTicks, MaxTicks);

        // Offsets lie between -12 and +14 hours, and a whole day was left out at most: what is looked for lies in between.
        var low = local - (15 * TimeSpan.TicksPerHour);
        var high = local + (13 * TimeSpan.TicksPerHour);
        var before = OffsetAt(zone, low);
        var after = OffsetAt(zone, high);
        if (before == after)
        {
            return local - before;
        }

        var change = FirstChange(zone, low, high, before);
        return local - before < change ? local - before : Math.Max(change, local - after);
    }

    /// <summary>The first instant after <paramref name="low"/> with another offset, when <paramref name="high"/> has one.</summary>
    internal static long FirstChange(TimeZoneInfo zone, long low, long high, long before)
    {
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (OffsetAt(zone, middle) == before)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return high;
    }

    /// <summary>How far the clocks are before UTC at an instant.</summary>
    internal static long OffsetAt(TimeZoneInfo zone, long utc) => zone.GetUtcOffset(new DateTime(utc, DateTimeKind.Utc)).Ticks;
}
