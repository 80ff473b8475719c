using System.Globalization;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>Times as JavaScript's <c>toISOString</c> writes them, and as its <c>Date</c> reads them.</summary>
internal static class IsoInstant
{
    private static readonly string[] Formats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Reads a time; one without an offset is meant in <paramref name="zone"/>, as JavaScript has it.</summary>
    public static bool TryParse(string text, TimeZoneInfo zone, out DateTimeOffset instant)
    {
        text = text.Trim();
        if (!DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant))
        {
            return false;
        }

        var time = text[(text.IndexOf('T', StringComparison.Ordinal) + 1)..];
        var hasOffset = time.EndsWith('Z') || time.AsSpan().ContainsAny('+', '-');
        instant = hasOffset
            ? instant.ToUniversalTime()
            : ZoneTime.InstantOf(ZoneTime.Resolve(zone, (int)(instant.Ticks / TimeSpan.TicksPerDay), instant.TimeOfDay));
        return true;
    }
}
