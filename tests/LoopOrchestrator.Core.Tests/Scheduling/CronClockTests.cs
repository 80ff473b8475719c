using System.Globalization;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>Cron rules where the clocks are set, in both directions of search.</summary>
public sealed class CronClockTests
{
    // Winter time as the exception, half an hour, midnight, the end of a month of fasting, moved base offsets, a day left out.
    private static readonly string[] Zones =
    [
        "Europe/Dublin",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "Asia/Beirut",
        "America/Nuuk",
        "Pacific/Apia",
        "America/New_York",
        "Asia/Pyongyang",
        "Antarctica/Troll",
    ];

    private static readonly string[] Rules =
    [
        "*/15 * * * *",
        "30 1 * * *",
        "15 2 * * *",
        "0 */2 * * *",
        "45 0,1,2 * * *",
        "0 0 * * *",
        "30 23-23 * * *",
    ];

    [Theory]
    [InlineData("Europe/Dublin", "30 1 * * *", "2027-03-27T12:00Z", "2027-03-28T01:00Z 2027-03-29T00:30Z")]
    [InlineData("Europe/Dublin", "0 * * * *", "2027-03-28T00:00Z", "2027-03-28T01:00Z 2027-03-28T02:00Z")]
    [InlineData("Europe/Dublin", "*/15 * * * *", "2027-03-28T00:30Z", "2027-03-28T00:45Z 2027-03-28T01:00Z 2027-03-28T01:15Z")]
    [InlineData("Europe/Dublin", "30 1 * * *", "2026-10-24T12:00Z", "2026-10-25T00:30Z 2026-10-26T01:30Z")]
    [InlineData("Europe/Dublin", "30 1 * * *", "2026-10-25T01:15Z", "2026-10-26T01:30Z")]
    [InlineData("Europe/Dublin", "0 * * * *", "2026-10-24T23:30Z", "2026-10-25T00:00Z 2026-10-25T01:00Z 2026-10-25T02:00Z")]
    [InlineData("Europe/Dublin", "@every_minute", "2026-10-25T00:58Z", "2026-10-25T00:58:52Z 2026-10-25T00:59:52Z 2026-10-25T01:00:52Z")]
    [InlineData("America/New_York", "30 2 * * *", "2027-03-14T00:00Z", "2027-03-14T07:00Z 2027-03-15T06:30Z")]
    [InlineData("America/New_York", "*/30 2 * * *", "2027-03-14T00:00Z", "2027-03-14T07:00Z 2027-03-15T06:00Z")]
    [InlineData("America/New_York", "0 */2 * * *", "2027-03-14T04:30Z", "2027-03-14T05:00Z 2027-03-14T07:00Z 2027-03-14T08:00Z")]
    [InlineData("America/New_York", "*/30 1 * * *", "2026-11-01T05:15Z", "2026-11-01T05:30Z 2026-11-01T06:00Z 2026-11-01T06:30Z")]
    [InlineData("America/New_York", "30 1 * * *", "2026-11-01T00:00Z", "2026-11-01T05:30Z 2026-11-02T06:30Z")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "2026-10-03T00:00Z", "2026-10-03T15:30Z 2026-10-04T15:15Z")]
    [InlineData("America/Nuuk", "30 23 * * *", "2027-03-27T12:00Z", "2027-03-28T01:00Z 2027-03-29T00:30Z")]
    [InlineData("Africa/Cairo", "0 0 * * *", "2026-04-23T12:00Z", "2026-04-23T22:00Z 2026-04-24T21:00Z")]
    [InlineData("Asia/Beirut", "0 0 * * *", "2026-03-28T12:00Z", "2026-03-28T22:00Z 2026-03-29T21:00Z")]
    [InlineData("Africa/Casablanca", "30 2 * * *", "2026-02-14T12:00Z", "2026-02-15T01:30Z 2026-02-16T02:30Z")]
    [InlineData("America/New_York", "30 1-1 * * *", "2026-11-01T00:00Z", "2026-11-01T05:30Z 2026-11-01T06:30Z 2026-11-02T06:30Z")]
    [InlineData("Europe/Berlin", "30 2 29 3 *", "2026-03-01T00:00Z", "2026-03-29T01:00Z 2027-03-29T00:30Z")]
    [InlineData("Africa/Cairo", "30 0 24 4 *", "2026-03-01T00:00Z", "2026-04-23T22:00Z 2027-04-23T22:30Z")]
    [InlineData("Pacific/Apia", "0 12 * * *", "2011-12-30T00:00Z", "2011-12-30T10:00Z 2011-12-30T22:00Z")]
    public void Between_ClocksAreSet_GivesEachMomentOnce(string zone, string rule, string from, string moments)
    {
        var schedule = TestSchedules.Cron(rule, zone);
        var expected = moments.Split(' ').Select(TestSchedules.At).ToList();
        var start = TestSchedules.At(from);

        NextOccurrence.Between(schedule, start, expected[^1], null).Should().Equal(expected);
        Backwards(schedule, start, expected[^1]).Should().Equal(expected);
    }

    [Fact]
    public void Between_ZonesOfEachKind_IsWhatAWalkByMinutesFinds() => CompareWithWalk(Zones);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public void Between_EveryZoneOfTheSystem_IsWhatAWalkByMinutesFinds() =>
        CompareWithWalk(TimeZoneInfo.GetSystemTimeZones().Select(static zone => zone.Id));

    private static void CompareWithWalk(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
            foreach (var change in Changes(zone))
            {
                var (from, to) = (change.AddHours(-26), change.AddHours(50));
                foreach (var rule in Rules)
                {
                    var schedule = TestSchedules.Cron(rule, name);
                    var expected = Walk(zone, rule, from, to);
                    Assert.Equal(expected, NextOccurrence.Between(schedule, from, to, null));
                    Assert.Equal(expected, Backwards(schedule, from, to));
                }
            }
        }
    }

    private static List<DateTimeOffset> Backwards(Schedule schedule, DateTimeOffset from, DateTimeOffset to)
    {
        var found = new List<DateTimeOffset>();
        while (NextOccurrence.Last(schedule, from, to, null) is { } last)
        {
            found.Insert(0, last);
            to = last.AddTicks(-1);
        }

        return found;
    }

    // To the minute, from the offsets alone.
    private static List<DateTimeOffset> Changes(TimeZoneInfo zone)
    {
        var changes = new List<DateTimeOffset>();
        for (var at = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero); at.Year < 2028; at = at.AddHours(1))
        {
            if (zone.GetUtcOffset(at) != zone.GetUtcOffset(at.AddHours(1)))
            {
                var minute = at;
                while (zone.GetUtcOffset(minute) == zone.GetUtcOffset(at))
                {
                    minute = minute.AddMinutes(1);
                }

                changes.Add(minute);
            }
        }

        return changes;
    }

    private static List<DateTimeOffset> Walk(TimeZoneInfo zone, string rule, DateTimeOffset from, DateTimeOffset to)
    {
        var fields = rule.Split(' ');
        var (minutes, hours) = (Values(fields[0], 60), Values(fields[1], 24));
        var isSingle = !(fields[0] + fields[1]).AsSpan().ContainsAny("*-/");
        bool Matches(DateTime wall) => minutes.Contains(wall.Minute) && hours.Contains(wall.Hour);

        var found = new List<DateTimeOffset>();
        var shown = new HashSet<DateTime>();
        var before = Wall(zone, from.AddHours(-4));
        for (var at = from.AddHours(-4).AddMinutes(1); at <= to; at = at.AddMinutes(1))
        {
            var wall = Wall(zone, at);
            var isFirst = shown.Add(wall);
            var isDue = Matches(wall) && (isFirst || !isSingle);
            for (var left = before.AddMinutes(1); left < wall; left = left.AddMinutes(1))
            {
                isDue |= Matches(left);
            }

            if (isDue && at > from)
            {
                found.Add(at);
            }

            before = wall;
        }

        return found;
    }

    private static DateTime Wall(TimeZoneInfo zone, DateTimeOffset at) => at.UtcDateTime + zone.GetUtcOffset(at);

    private static HashSet<int> Values(string field, int count) =>
        field == "*" ? [.. Enumerable.Range(0, count)]
        : field.StartsWith("*/", StringComparison.Ordinal)
            ? [.. Enumerable.Range(0, count).Where(value => value % int.Parse(field.AsSpan(2), CultureInfo.InvariantCulture) == 0)]
        : field.Contains('-', StringComparison.Ordinal) ? [int.Parse(field.Split('-')[0], CultureInfo.InvariantCulture)]
        : [.. field.Split(',').Select(static value => int.Parse(value, CultureInfo.InvariantCulture))];
}
