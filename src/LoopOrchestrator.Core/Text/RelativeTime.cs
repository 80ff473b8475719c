using System.Globalization;

namespace LoopOrchestrator.Core.Text;

/// <summary>Moments as people say them: <c>8 min ago</c>, <c>in 4 min</c>, and for how long: <c>3 h</c>.</summary>
public static class RelativeTime
{
    /// <summary>How long ago a moment was, or how long it is until then; whole units, rounded towards now.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="now">The present one.</param>
    public static string Of(DateTimeOffset moment, DateTimeOffset now)
    {
        var span = Span(moment - now);
        return span is null ? "now"
            : moment > now ? $"in {span}"
            : $"{span} ago";
    }

    /// <summary>How long something has gone on since a moment, in the same units; <c>0 s</c> where that is still to come.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="now">The present one.</param>
    public static string Since(DateTimeOffset moment, DateTimeOffset now) => (moment < now ? Span(now - moment) : null) ?? Count(0, "s");

    /// <summary>How long something has gone on since a moment, in two units: <c>3 d 4 h</c>, <c>4 h 12 min</c>, <c>5 min</c>.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="now">The present one.</param>
    public static string InTwoUnits(DateTimeOffset moment, DateTimeOffset now) =>
        (long)Math.Max(0, (now - moment).TotalSeconds) switch
        {
            < 60 and var seconds => Count(seconds, "s"),
            < 3600 and var seconds => Count(seconds / 60, "min"),
            < 86_400 and var seconds => Count(seconds / 3600, "h") + Rest(seconds % 3600 / 60, "min"),
            var seconds => Count(seconds / 86_400, "d") + Rest(seconds % 86_400 / 3600, "h"),
        };

    private static string Rest(long count, string unit) => count == 0 ? "" : " " + Count(count, unit);

    private static string? Span(TimeSpan distance) =>
        (long)Math.Abs(distance.TotalSeconds) switch
        {
            < 1 => null,
            < 60 and var seconds => Count(seconds, "s"),
            < 3600 and var seconds => Count(seconds / 60, "min"),
            < 48 * 3600 and var seconds => Count(seconds / 3600, "h"),
            var seconds => Count(seconds / 86_400, "d"),
        };

    private static string Count(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}");
}
