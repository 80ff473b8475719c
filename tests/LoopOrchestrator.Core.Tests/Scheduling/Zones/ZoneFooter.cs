using System.Globalization;
using System.Text.RegularExpressions;

namespace LoopOrchestrator.Core.Tests.Scheduling.Zones;

/// <summary>The rule in the last line of a zone file, such as <c>IST-1GMT0,M10.5.0,M3.5.0/1</c> (RFC 8536, 3.3).</summary>
internal static partial class ZoneFooter
{
    private const long Hour = 3600;
    private const long Day = 24 * Hour;

    [GeneratedRegex(
        "^(?:<[^>]+>|[A-Za-z]+)(?<std>[^A-Za-z<,]+)(?:(?:<[^>]+>|[A-Za-z]+)(?<dst>[^,]*),(?<start>[^,]+),(?<end>.+))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000
    )]
    private static partial Regex Pattern { get; }

    /// <summary>All changes of some years, in order, each with the offset that begins.</summary>
    public static List<(long At, long Offset)> Changes(string rule, int firstYear, int lastYear)
    {
        if (rule.Length == 0)
        {
            return [];
        }

        var match = Pattern.Match(rule);
        if (!match.Success)
        {
            throw new InvalidDataException($"'{rule}' is no rule of a zone");
        }

        // West is positive there.
        var standard = -Seconds(match.Groups["std"].Value);
        if (!match.Groups["start"].Success)
        {
            return [(Start(firstYear), standard)];
        }

        var other = match.Groups["dst"].Value is { Length: > 0 } named ? -Seconds(named) : standard + Hour;
        var changes = new List<(long At, long Offset)>();
        for (var year = firstYear; year <= lastYear; year++)
        {
            // Each is told by the clock that is shown just before.
            changes.Add((Wall(match.Groups["start"].Value, year) - standard, other));
            changes.Add((Wall(match.Groups["end"].Value, year) - other, standard));
        }

        return [.. changes.OrderBy(static change => change.At)];
    }

    private static long Wall(string moment, int year)
    {
        var parts = moment.Split('/');
        var time = parts.Length > 1 ? Seconds(parts[1]) : 2 * Hour;
        return DayOf(parts[0], year) + time;
    }

    private static long DayOf(string day, int year)
    {
        if (day[0] == 'M')
        {
            var numbers = day[1..].Split('.').Select(static part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
            var (month, week, weekday) = (numbers[0], numbers[1], numbers[2]);
            var first = Days(year, month, 1);

            // 1970-01-01 was a Thursday.
            var ahead = (weekday - (int)((first + 4) % 7) + 7) % 7;
            var found = first + ahead + ((week - 1) * 7);
            var next = month == 12 ? Days(year + 1, 1, 1) : Days(year, month + 1, 1);
            return (found >= next ? found - 7 : found) * Day;
        }

        var number = int.Parse(day.AsSpan(day[0] == 'J' ? 1 : 0), CultureInfo.InvariantCulture);
        var isLeap = Days(year, 3, 1) - Days(year, 2, 1) == 29;
        return (Days(year, 1, 1) + (day[0] != 'J' ? number : number - 1 + (isLeap && number >= 60 ? 1 : 0))) * Day;
    }

    private static long Seconds(string time)
    {
        var parts = time.TrimStart('+', '-').Split(':').Select(static part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        var seconds = (parts[0] * Hour) + (parts.Length > 1 ? parts[1] * 60 : 0) + (parts.Length > 2 ? parts[2] : 0);
        return time[0] == '-' ? -seconds : seconds;
    }

    private static long Start(int year) => Days(year, 1, 1) * Day;

    // Days since 1970, by the civil calendar.
    private static long Days(int year, int month, int day) => (new DateTime(year, month, day) - DateTime.UnixEpoch).Days;
}
