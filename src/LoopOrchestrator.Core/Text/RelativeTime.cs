using System.Globalization;

namespace LoopOrchestrator.Core.Text;

/// <summary>Moments as people say them: <c>8 min ago</c>, <c>in 4 min</c>.</summary>
public static class RelativeTime
{
    /// <summary>How long ago a moment was, or how long it is until then; whole units, rounded towards now.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="now">The present one.</param>
    public static string Of(DateTimeOffset moment, DateTimeOffset now)
    {
        var distance = moment - now;
        var seconds = (long)Math.Abs(distance.TotalSeconds);
        var span = seconds switch
        {
            < 1 => null,
            < 60 => Count(seconds, "s"),
            < 3600 => Count(seconds / 60, "min"),
            < 48 * 3600 => Count(seconds / 3600, "h"),
            _ => Count(seconds / 86_400, "d"),
        };
        return span is null ? "now"
            : distance > TimeSpan.Zero ? $"in {span}"
            : $"{span} ago";
    }

    private static string Count(long count, string unit) => string.Create(CultureInfo.InvariantCulture, $"{count} {unit}");
}
