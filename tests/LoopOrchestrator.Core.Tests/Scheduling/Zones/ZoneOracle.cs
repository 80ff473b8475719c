using System.Globalization;

namespace LoopOrchestrator.Core.Tests.Scheduling.Zones;

/// <summary>
/// When a rule is due by a zone file alone: the wall-clock times of each stretch between two changes are listed, and what the clocks leave
/// out or show again is decided at the changes. In seconds since 1970.
/// </summary>
internal sealed class ZoneOracle(ZoneFile zone)
{
    private const long Minute = 60;
    private const long Day = 86_400;

    /// <summary>The changes of the clocks in a stretch of time.</summary>
    public IEnumerable<long> Changes(long from, long to) =>
        zone.Stretches.Skip(1).Select(static stretch => stretch.At).Where(at => at >= from && at < to);

    /// <summary>The due moments of a cron rule of five fields, without names, later than one moment and not later than another.</summary>
    public List<long> Cron(string rule, long from, long to)
    {
        var fields = rule.Split(' ');
        var (minutes, hours) = (Values(fields[0], 0, 59), Values(fields[1], 0, 23));
        var (days, months, weekdays) = (Values(fields[2], 1, 31), Values(fields[3], 1, 12), Values(fields[4], 0, 6));
        var isEither = fields[2][0] != '*' && fields[4][0] != '*';
        var isSingle = (fields[0] + fields[1]).All(static letter => letter is not ('*' or '-' or '/'));
        bool Fits(DateTime day)
        {
            var (byMonth, byWeek) = (days.Contains(day.Day), weekdays.Contains((int)day.DayOfWeek));
            return months.Contains(day.Month) && (isEither ? byMonth || byWeek : byMonth && byWeek);
        }

        var due = new SortedSet<long>();
        foreach (var (start, end, offset, before) in Near(from, to))
        {
            foreach (var time in Times(start + offset, end + offset))
            {
                if (!isSingle || !WasShown(time, start))
                {
                    due.Add(time - offset);
                }
            }

            if (before is { } earlier && earlier < offset && Times(start + earlier, start + offset).Any())
            {
                due.Add(start);
            }
        }

        return [.. due.Where(moment => moment > from && moment <= to)];

        IEnumerable<long> Times(long low, long high)
        {
            for (var day = Floor(low, Day); day < high; day += Day)
            {
                if (!Fits(DateTime.UnixEpoch.AddSeconds(day)))
                {
                    continue;
                }

                foreach (var hour in hours)
                {
                    foreach (var minute in minutes)
                    {
                        var time = day + (hour * 3600) + (minute * Minute);
                        if (time >= low && time < high)
                        {
                            yield return time;
                        }
                    }
                }
            }
        }
    }

    /// <summary>The due moments of an interval that counts from a moment.</summary>
    public List<long> Interval(int count, char unit, long from, long to)
    {
        var due = new List<long>();
        var anchor = Floor(from, Minute);
        if (unit != 'd')
        {
            var step = count * (unit == 'h' ? 3600 : Minute);
            for (var moment = anchor + step; moment <= to; moment += step)
            {
                due.Add(moment);
            }

            return due;
        }

        var local = from + OffsetAt(from);
        var wall = Floor(local, Minute);
        for (var next = wall + (count * Day); Resolve(next) is var moment && moment <= to; next += count * Day)
        {
            due.Add(moment);
        }

        return due;
    }

    private static long Floor(long value, long unit) => (value / unit * unit) - (value % unit < 0 ? unit : 0);

    private static SortedSet<int> Values(string field, int min, int max)
    {
        var values = new SortedSet<int>();
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') is [var left, var right] ? (left, Number(right)) : (part, 1);
            var (low, high) =
                range == "*" ? (min, max)
                : range.Split('-') is [var first, var last] ? (Number(first), Number(last))
                : (Number(range), Number(range));
            for (var value = low; value <= high; value += step)
            {
                values.Add(value);
            }
        }

        return values;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private IEnumerable<(long Start, long End, long Offset, long? Before)> Near(long from, long to)
    {
        for (var index = 0; index < zone.Stretches.Count; index++)
        {
            var (at, offset) = zone.Stretches[index];
            var end = index + 1 < zone.Stretches.Count ? zone.Stretches[index + 1].At : long.MaxValue;
            if (end > from - Day && at <= to)
            {
                yield return (
                    Math.Max(at, from - (3 * Day)),
                    Math.Min(end, to + 1),
                    offset,
                    at >= from - Day && index > 0 ? zone.Stretches[index - 1].Offset : null
                );
            }
        }
    }

    // By the clocks, at any moment before this one.
    private bool WasShown(long time, long before)
    {
        for (var index = zone.Stretches.Count - 1; index >= 0; index--)
        {
            var (at, offset) = zone.Stretches[index];
            var end = index + 1 < zone.Stretches.Count ? zone.Stretches[index + 1].At : long.MaxValue;
            if (end <= before && (at == long.MinValue || time >= at + offset) && time < end + offset)
            {
                return true;
            }

            if (end < before - (3 * Day))
            {
                return false;
            }
        }

        return false;
    }

    private long OffsetAt(long moment) => zone.Stretches.Last(stretch => stretch.At <= moment).Offset;

    // The first moment at which the clocks show the time or a later one.
    private long Resolve(long time)
    {
        for (var index = 0; ; index++)
        {
            var (at, offset) = zone.Stretches[index];
            var end = index + 1 < zone.Stretches.Count ? zone.Stretches[index + 1].At : long.MaxValue;
            if (end == long.MaxValue || end + offset > time)
            {
                return at == long.MinValue ? time - offset : Math.Max(at, time - offset);
            }
        }
    }
}
