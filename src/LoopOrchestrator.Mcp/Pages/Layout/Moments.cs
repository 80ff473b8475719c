using System.Globalization;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>Moments as pages show them: in a zone, with the exact one for programs and, beside or behind it, how far away it is.</summary>
internal static class Moments
{
    private const string Exact = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary><c>8 min ago</c>; the moment itself is shown when it is pointed at.</summary>
    public static Html Relative(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone) =>
        Html.Of($"""<time datetime="{ExactOf(moment)}" title="{TextOf(moment, zone)}">{RelativeTime.Of(moment, now)}</time>""");

    /// <summary><c>Mon 2 Mar 09:30</c>, with the year where it is another one than now.</summary>
    public static Html At(DateTimeOffset moment, DateTimeOffset now, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        var format =
            local.Year != TimeZoneInfo.ConvertTime(now, zone).Year ? "ddd d MMM yyyy HH:mm"
            : local.Date == TimeZoneInfo.ConvertTime(now, zone).Date ? "HH:mm"
            : "ddd d MMM HH:mm";
        return Html.Of(
            $"""
            <time datetime="{ExactOf(moment)}" title="{TextOf(moment, zone)}">{local.ToString(format, CultureInfo.InvariantCulture)}</time>
            """
        );
    }

    /// <summary>The moment in words, with its zone.</summary>
    public static string TextOf(DateTimeOffset moment, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>The zone in which moments are shown, in words: what says no zone is of it.</summary>
    public static string ZoneOf(TimeZoneInfo zone, DateTimeOffset now) =>
        zone.GetUtcOffset(now) is var offset && offset == TimeSpan.Zero
            ? "Times are UTC"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"Times are of {zone.Id} (UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm})"
            );

    private static string ExactOf(DateTimeOffset moment) => moment.UtcDateTime.ToString(Exact, CultureInfo.InvariantCulture);
}
