using System.Globalization;
using System.Security.Cryptography;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Tests.Scheduling.Zones;

/// <summary>
/// Due moments against <see cref="ZoneOracle"/>, in both directions. The framework reads the same files as it does: a difference between
/// the two is what is looked for.
/// </summary>
public sealed class ZoneOracleTests
{
    private const string Folder = "/usr/share/zoneinfo";

    // One of each kind: winter time as the exception, a month of fasting, half an hour, midnight, a day before midnight, a moved base
    // offset, two hours, a rule that begins behind the table of the file, none.
    private static readonly string[] Sample =
    [
        "Europe/Dublin",
        "Africa/Casablanca",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "America/Nuuk",
        "Pacific/Apia",
        "America/New_York",
        "Antarctica/Troll",
        "Asia/Gaza",
        "Asia/Kathmandu",
    ];

    // Rules of twenty kinds, of which the last six are intervals.
    private static readonly string[] Rules =
    [
        "30 1 * * *",
        "15 2 * * *",
        "0 0 * * *",
        "30 2 * * 0",
        "0 */2 * * *",
        "*/15 * * * *",
        "45 0,1,2 * * *",
        "30 23-23 * * *",
        "*/30 1 * * *",
        "0 12 1,15 * 5",
        "0 3 */2 * 1",
        "59 23 31 * *",
        "0 0 29 2 *",
        "*/20 2,3 * 3-11 *",
        "7 m",
        "90 m",
        "1 h",
        "36 h",
        "1 d",
        "3 d",
    ];

    // Those with many moments a day.
    private static readonly string[] Dense = ["0 */2 * * *", "*/15 * * * *", "7 m", "90 m", "1 h"];

    // As many as there have been for ten years; a folder that holds fewer was not read as a whole.
    private const int LeastZones = 550;

    [Fact]
    public void Occurrences_ZonesOfEachKind_AreWhatTheZoneFilesSay() => Compare(Sample, 2026, 2026);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public void Occurrences_EveryZoneFileOfTheMachine_AreWhatItSays()
    {
        var zones = Directory
            .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(static file => Path.GetRelativePath(Folder, file))
            .Where(static name =>
                !name.StartsWith("posix/", StringComparison.Ordinal) && !name.StartsWith("right/", StringComparison.Ordinal)
            )
            .Where(static name => File.ReadAllBytes(Path.Combine(Folder, name)).AsSpan().StartsWith("TZif"u8))
            .ToList();

        zones.Should().HaveCountGreaterThan(LeastZones);
        Compare(zones, 2024, 2030);
    }

    [Fact]
    public void Footer_KnownRules_GiveTheDaysOfTheCalendar()
    {
        Footer("IST-1GMT0,M10.5.0,M3.5.0/1", 2027).Should().Equal("2027-03-28T01:00:00 3600", "2027-10-31T01:00:00 0");
        Footer("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 2027).Should().Equal("2027-03-28T01:00:00 -3600", "2027-10-31T01:00:00 -7200");
        Footer("EET-2EEST,M3.4.4/50,M10.4.4/50", 2027).Should().Equal("2027-03-27T00:00:00 10800", "2027-10-29T23:00:00 7200");
        Footer("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 2027).Should().Equal("2027-04-03T15:00:00 37800", "2027-10-02T15:30:00 39600");
        Footer("A0B,J60/0,J300/0", 2028).Should().Equal("2028-03-01T00:00:00 3600", "2028-10-26T23:00:00 0");
    }

    private static IEnumerable<string> Footer(string rule, int year) =>
        ZoneFooter
            .Changes(rule, year, year)
            .Select(static change =>
                string.Create(CultureInfo.InvariantCulture, $"{DateTime.UnixEpoch.AddSeconds(change.At):s} {change.Offset}")
            );

    private static void Compare(IEnumerable<string> zones, int firstYear, int lastYear)
    {
        var (from, to) = (
            new DateTimeOffset(firstYear, 1, 1, 0, 7, 30, TimeSpan.Zero),
            new DateTimeOffset(lastYear + 1, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var zone in zones)
        {
            var path = Path.Combine(Folder, zone);
            var oracle = new ZoneOracle(ZoneFile.Read(path));
            var isOtherName = !known.Add(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));
            var changes = oracle.Changes(from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds()).Select(DateTimeOffset.FromUnixTimeSeconds);
            foreach (var rule in Rules)
            {
                if (!Dense.Contains(rule, StringComparer.Ordinal) && !isOtherName)
                {
                    Compare(zone, rule, oracle, from, to);
                    continue;
                }

                // So many moments, or the same as under another name: they are compared where the clocks are set.
                foreach (var change in changes.Prepend(from.AddDays(100)))
                {
                    Compare(zone, rule, oracle, change.AddHours(-50), change.AddHours(50));
                }
            }
        }
    }

    private static void Compare(string zone, string rule, ZoneOracle oracle, DateTimeOffset from, DateTimeOffset to)
    {
        var (start, end) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
        var (schedule, expected) = rule.Split(' ') is [var count, [var unit]]
            ? (Interval(Number(count), unit, zone), oracle.Interval(Number(count), unit, start, end))
            : (TestSchedules.Cron(rule, zone), oracle.Cron(rule, start, end));
        var forth = NextOccurrence.Between(schedule, from, to, from).Select(static due => due.ToUnixTimeSeconds()).ToList();
        Assert.True(forth.SequenceEqual(expected), Difference(zone, rule, "forwards", expected, forth));

        var back = new List<long>();
        for (var until = to; NextOccurrence.Last(schedule, from, until, from) is { } last; until = last.AddTicks(-1))
        {
            back.Add(last.ToUnixTimeSeconds());
        }

        back.Reverse();
        Assert.True(back.SequenceEqual(expected), Difference(zone, rule, "backwards", expected, back));
        Assert.Equal(expected.Count, NextOccurrence.Count(schedule, from, to, from));
    }

    private static Schedule Interval(int count, char unit, string zone) =>
        TestSchedules.Every(
            count,
            unit switch
            {
                'm' => TimeUnit.Minute,
                'h' => TimeUnit.Hour,
                _ => TimeUnit.Day,
            },
            zone
        );

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Difference(string zone, string rule, string direction, List<long> expected, List<long> found)
    {
        static string Show(IEnumerable<long> moments) =>
            string.Join(
                ' ',
                moments.Take(3).Select(static moment => DateTime.UnixEpoch.AddSeconds(moment).ToString("s", CultureInfo.InvariantCulture))
            );

        return $"{zone} {rule} {direction}: missing {Show(expected.Except(found))}, too many {Show(found.Except(expected))}";
    }
}
