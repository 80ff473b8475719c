using System.Globalization;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>Moments and durations as the time log writes them.</summary>
internal static class TimingTime
{
    /// <summary>ISO 8601 in UTC with milliseconds: what agents wrote from the beginning.</summary>
    public static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>What is left of a moment once it has been written, so that an answer and the file say the same.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>Reads an ISO 8601 date with a time; without an offset it is UTC. A date alone could be a slug and is none.</summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':')
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var moment
        )
            ? moment
            : null;
    }

    /// <summary>Reads seconds or milliseconds since 1970 as scripts write them, between the years 2001 and 2286.</summary>
    public static DateTimeOffset? ParseUnix(string text)
    {
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return number switch
        {
            >= 1e9 and < 1e10 => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(number * 1000)),
            >= 1e12 and < 1e13 => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(number)),
            _ => null,
        };
    }

    /// <summary>Reads a duration; fractions are rounded half away from zero.</summary>
    public static long? ParseSeconds(string text) =>
        decimal.TryParse(
            text,
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && Math.Abs(seconds) < 1_000_000_000_000m
            ? (long)Math.Round(seconds, MidpointRounding.AwayFromZero)
            : null;

    /// <summary>Whole seconds from start to end, rounded half away from zero; 0 when the clock went back in between.</summary>
    public static long SecondsBetween(DateTimeOffset start, DateTimeOffset end) => ToSeconds(end - start);

    /// <summary>Whole seconds, rounded half away from zero, never negative.</summary>
    public static long ToSeconds(TimeSpan duration) =>
        duration <= TimeSpan.Zero ? 0 : (long)Math.Round((decimal)duration.Ticks / TimeSpan.TicksPerSecond, MidpointRounding.AwayFromZero);
}
