using System.Globalization;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>Durations as <c>maxLateness</c> and <c>jitter</c> write them.</summary>
internal static partial class DurationText
{
    /// <summary>What a message says about the allowed forms.</summary>
    public const string Forms = "minutes (90), hours:minutes:seconds (\"01:30:00\") or ISO 8601 (\"PT1H30M\"), at most 366 days";

    private static readonly TimeSpan MaxLength = TimeSpan.FromDays(366);
    private static readonly string[] ClockFormats = [@"h\:mm\:ss", @"hh\:mm\:ss", @"d\.hh\:mm\:ss"];

    /// <summary>
    /// Reads a bare number as minutes, since all other numbers of the format that are not named otherwise are minutes;
    /// <c>h:mm:ss</c> or <c>d.hh:mm:ss</c>; or ISO 8601 with weeks, days, hours, minutes and seconds (months and years have no length).
    /// </summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        text = text.Trim();
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes))
        {
            return TryTake(minutes / TimeSpan.MinutesPerDay, out duration);
        }

        if (TimeSpan.TryParseExact(text, ClockFormats, CultureInfo.InvariantCulture, out duration))
        {
            return duration <= MaxLength;
        }

        var match = Iso().Match(text);
        duration = default;
        return match.Success
            && TryTake(
                (Part(match, "w") * 7)
                    + Part(match, "d")
                    + (Part(match, "h") / 24)
                    + (Part(match, "m") / TimeSpan.MinutesPerDay)
                    + (Part(match, "s") / TimeSpan.SecondsPerDay),
                out duration
            );
    }

    private static double Part(Match match, string name) =>
        match.Groups[name] is { Success: true } group
            ? double.Parse(group.ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture)
            : 0;

    private static bool TryTake(double days, out TimeSpan duration)
    {
        var fits = days >= 0 && days <= MaxLength.TotalDays;
        duration = fits ? TimeSpan.FromMilliseconds(Math.Round(days * TimeSpan.MillisecondsPerDay)) : default;
        return fits;
    }

    // The lookaheads refuse a P or a T with nothing behind it.
    [GeneratedRegex(
        @"^P(?=.)(?:(?<w>\d{1,9})W)?(?:(?<d>\d{1,9})D)?(?:T(?=.)(?:(?<h>\d{1,9})H)?(?:(?<m>\d{1,9})M)?(?:(?<s>\d{1,9}(?:\.\d{1,9})?)S)?)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Iso();
}
