using CsCheck;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class NextOccurrencePropertyTests
{
    private const int Cases = 600;

    private static readonly string[] Zones =
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/St_Johns",
        "Africa/Casablanca",
        "Pacific/Apia",
        "Asia/Tehran",
        "Pacific/Chatham",
        "America/Sao_Paulo",
        "Europe/London",
        "Asia/Beirut",
        "America/Santiago",
    ];

    private static readonly Dictionary<string, DateTime[]> ClockChanges = Zones.ToDictionary(zone => zone, Changes, StringComparer.Ordinal);

    private static readonly Gen<Schedule> Schedules = Gen.Select(
            FixedSample.OneOf(Zones),
            Gen.OneOf(
                Gen.Int[1, 2000].Select(count => new ScheduleInterval(count, TimeUnit.Minute)),
                Gen.Int[1, 80].Select(count => new ScheduleInterval(count, TimeUnit.Hour)),
                Gen.Int[1, 9].Select(count => new ScheduleInterval(count, TimeUnit.Day))
            ),
            Gen.OneOf(Gen.Const(WeekDays.None), Gen.Int[1, 126].Select(days => (WeekDays)days)),
            Gen.Int[0, 3],
            Gen.Int[0, 23],
            Gen.Int[0, 59],
            Gen.Int[-30, 10]
        )
        .Select(
            (zone, interval, days, form, hour, minute, date) =>
                new Schedule
                {
                    Id = "s",
                    Name = "s",
                    Mode = "code",
                    TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone),
                    Interval = interval,
                    SelectedDays = days,
                    StartDate = form >= 2 ? DateOnly.MinValue.AddDays(date + 30) : null,
                    StartHour = form is 1 or 3 ? hour : null,
                    StartMinute = form > 0 ? minute : null,
                }
        );

    /// <summary>A schedule, a reference mostly within two days of a clock change, and a second moment for the queries.</summary>
    private static readonly Gen<(Schedule Schedule, DateTimeOffset Reference, DateTimeOffset Other)> Situations = Gen.Select(
            Schedules,
            Gen.Int[0, 10_000],
            Gen.Int[-3 * 86_400, 86_400],
            Gen.Int[0, 20 * 86_400]
        )
        .Select(
            (schedule, change, seconds, ahead) =>
            {
                var changes = ClockChanges[schedule.TimeZone.Id];
                var near = changes.Length == 0 ? new DateTime(2025, 1 + (change % 12), 15) : changes[change % changes.Length];
                var reference = new DateTimeOffset(near.AddSeconds(seconds), TimeSpan.Zero);
                var start = schedule.StartDate is { } date ? DateOnly.FromDateTime(near).AddDays(date.DayNumber - 30) : (DateOnly?)null;
                return (schedule with { StartDate = start }, reference, reference.AddSeconds(ahead));
            }
        );

    [Fact]
    public void Between_AroundClockChanges_IsWhatWalkingTheClockGives() =>
        FixedSample.Run(
            Situations,
            Cases,
            value =>
            {
                var (schedule, from, _) = value;
                var to = from.AddDays(schedule.Interval!.Value.Unit is TimeUnit.Minute ? 12 : 25);
                var expected = new BruteForceSchedule(schedule).Between(from.UtcDateTime, to.UtcDateTime);

                NextOccurrence
                    .Between(schedule, from, to, from)
                    .Select(due => due.UtcDateTime)
                    .SequenceEqual(expected)
                    .Should()
                    .BeTrue("of {0}", string.Join(' ', expected.Select(due => due.ToString("s"))));
            },
            Print
        );

    [Fact]
    public void Zones_HaveBothKindsOfClockChanges_HalfHoursAndShortAndLongDays()
    {
        var shifts = ClockChanges.ToDictionary(
            zone => zone.Key,
            zone => zone.Value.Select(change => Shift(zone.Key, change)).ToList(),
            StringComparer.Ordinal
        );

        shifts
            .Count(zone => zone.Value.Exists(shift => shift > TimeSpan.Zero) && zone.Value.Exists(shift => shift < TimeSpan.Zero))
            .Should()
            .BeGreaterThanOrEqualTo(10);
        shifts["Australia/Lord_Howe"].Should().Contain(TimeSpan.FromMinutes(30)).And.Contain(TimeSpan.FromMinutes(-30));
        shifts["Europe/Berlin"]
            .Should()
            .Contain(TimeSpan.FromHours(1), "a day of 23 hours")
            .And.Contain(TimeSpan.FromHours(-1), "a day of 25 hours");
    }

    [Fact]
    public void Queries_AnySchedule_AgreeWithBetween() =>
        FixedSample.Run(
            Situations,
            Cases,
            value =>
            {
                var (schedule, from, other) = value;
                var all = NextOccurrence.Between(schedule, from, from.AddDays(30), from).ToList();
                all.Should().BeInAscendingOrder().And.OnlyHaveUniqueItems();

                NextOccurrence
                    .Next(schedule, other, from)
                    .Should()
                    .Be(
                        all.Select(due => (DateTimeOffset?)due).FirstOrDefault(due => due > other)
                            ?? NextOccurrence.Next(schedule, from.AddDays(30), from)
                    );
                NextOccurrence
                    .Last(schedule, from, other, from)
                    .Should()
                    .Be(all.Select(due => (DateTimeOffset?)due).LastOrDefault(due => due <= other));
                NextOccurrence.Count(schedule, from, other, from).Should().Be(all.Count(due => due <= other));
                NextOccurrence
                    .Last(schedule, other, from.AddDays(30), from)
                    .Should()
                    .Be(all.Select(due => (DateTimeOffset?)due).LastOrDefault(due => due > other));
                NextOccurrence
                    .Between(schedule, other, from.AddDays(30), from)
                    .SequenceEqual(all.Where(due => due > other))
                    .Should()
                    .BeTrue();
            },
            Print
        );

    [Fact]
    public void Next_AnyInput_MakesProgressAndNeverThrows()
    {
        var moments = Gen.OneOf(
            FixedSample.OneOf(
                DateTimeOffset.MinValue,
                DateTimeOffset.MaxValue,
                DateTimeOffset.MinValue.AddDays(4),
                DateTimeOffset.MaxValue.AddDays(-4)
            ),
            Gen.Long[0, DateTime.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero))
        );
        var intervals = Gen.Select(
                FixedSample.OneOf(1, 7, 999_999_999, int.MaxValue, 0, -5),
                FixedSample.OneOf(TimeUnit.Minute, TimeUnit.Hour, TimeUnit.Day)
            )
            .Select((count, unit) => new ScheduleInterval(count, unit));
        var extremes = Gen.Select(Schedules, intervals, moments, moments, moments)
            .Select(
                (schedule, interval, after, reference, start) =>
                    (
                        Schedule: schedule with
                        {
                            Interval = interval,
                            StartDate = schedule.StartDate is null ? null : DateOnly.FromDateTime(start.DateTime),
                            Expiration = start.Minute % 2 == 0 ? null : reference,
                        },
                        After: after,
                        Reference: reference.Second % 7 == 0 ? (DateTimeOffset?)null : reference
                    )
            );
        FixedSample.Run(
            extremes,
            150,
            value =>
            {
                var (schedule, after, reference) = value;
                (NextOccurrence.Next(schedule, after, reference) ?? DateTimeOffset.MaxValue).Should().BeOnOrAfter(after);
                (NextOccurrence.Next(schedule, after, reference) == after).Should().BeFalse();
                (NextOccurrence.First(schedule, after) ?? DateTimeOffset.MaxValue)
                    .Should()
                    .BeOnOrAfter(new[] { after, DateTimeOffset.MaxValue.AddDays(-4) }.Min());
                NextOccurrence.Between(schedule, after, DateTimeOffset.MaxValue, reference).Take(3).Should().OnlyHaveUniqueItems();
                NextOccurrence.NeverFires(schedule, after);
                NextOccurrence.NeverFires(schedule with { LastExecutionTime = reference }, after);
            },
            value => $"{Print((value.Schedule, value.After, value.Reference ?? default))}"
        );
    }

    private static TimeSpan Shift(string id, DateTime change)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        return zone.GetUtcOffset(change) - zone.GetUtcOffset(change.AddMinutes(-1));
    }

    private static string Print((Schedule Schedule, DateTimeOffset Reference, DateTimeOffset Other) value) =>
        $"{value.Schedule.Interval} {value.Schedule.TimeZone.Id} {value.Schedule.SelectedDays} start "
        + $"{value.Schedule.StartDate} {value.Schedule.StartHour}:{value.Schedule.StartMinute} reference "
        + $"{value.Reference:O} other {value.Other:O}";

    /// <summary>The moments in the years with today's rules at which the zone's offset changes, to the minute.</summary>
    private static DateTime[] Changes(string id)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var found = new List<DateTime>();
        for (var hour = new DateTime(2016, 1, 1, 0, 0, 0, DateTimeKind.Utc); hour.Year < 2028; hour = hour.AddHours(1))
        {
            if (zone.GetUtcOffset(hour) != zone.GetUtcOffset(hour.AddHours(1)))
            {
                found.Add(
                    Enumerable
                        .Range(1, 60)
                        .Select(minute => hour.AddMinutes(minute))
                        .First(minute => zone.GetUtcOffset(minute) != zone.GetUtcOffset(hour))
                );
            }
        }

        return [.. found];
    }
}
