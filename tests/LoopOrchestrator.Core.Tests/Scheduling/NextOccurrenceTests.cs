using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using static LoopOrchestrator.Core.Tests.Scheduling.TestSchedules;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class NextOccurrenceTests
{
    private const WeekDays WorkDays = WeekDays.Monday | WeekDays.Tuesday | WeekDays.Wednesday | WeekDays.Thursday | WeekDays.Friday;

    [Fact]
    public void Next_TenMinutesAfterAnExecution_DropsItsSeconds()
    {
        var ran = At("2026-01-05T23:37:03.003Z");

        NextOccurrence.Next(Every(10, TimeUnit.Minute), ran, ran).Should().Be(At("2026-01-05T23:47:00Z"));
        NextOccurrence.Next(Every(10, TimeUnit.Minute), ran, null).Should().Be(At("2026-01-05T23:47:00Z"));
        NextOccurrence.Next(Every(10, TimeUnit.Minute), At("2026-01-06T00:01:30Z"), ran).Should().Be(At("2026-01-06T00:07:00Z"));
    }

    [Theory]
    [InlineData("2026-01-05T00:00:00", 144)]
    [InlineData("2026-03-29T00:00:00", 138)]
    [InlineData("2026-10-25T00:00:00", 150)]
    public void Count_TenMinutesInALocalDay_FollowsTheLengthOfTheDay(string day, int expected)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var midnight = DateTime.Parse(day, System.Globalization.CultureInfo.InvariantCulture);
        var from = new DateTimeOffset(midnight, zone.GetUtcOffset(midnight));
        var to = new DateTimeOffset(midnight.AddDays(1), zone.GetUtcOffset(midnight.AddDays(1)));
        var schedule = Every(10, TimeUnit.Minute, "Europe/Berlin");

        NextOccurrence.Count(schedule, from, to, from).Should().Be(expected);
        NextOccurrence.Between(schedule, from, to, from).Should().HaveCount(expected);
        NextOccurrence.Last(schedule, from, to, from).Should().Be(to);
    }

    [Fact]
    public void Next_DailyInTheSpringGap_IsTheFirstInstantAfterItAndTheUsualTimeAgain()
    {
        var schedule = Every(1, TimeUnit.Day, "Europe/Berlin") with { StartDate = new(2026, 3, 1), StartHour = 2, StartMinute = 30 };

        NextOccurrence
            .Between(schedule, At("2026-03-27T12:00Z"), At("2026-03-30T12:00Z"), null)
            .Should()
            .Equal(At("2026-03-28T01:30Z"), At("2026-03-29T01:00Z"), At("2026-03-30T00:30Z"));
    }

    [Fact]
    public void Next_DailyInTheAutumnHour_IsItsFirstPassOnly()
    {
        var schedule = Every(1, TimeUnit.Day, "Europe/Berlin") with { StartHour = 2, StartMinute = 30 };

        NextOccurrence
            .Between(schedule, At("2026-10-24T12:00Z"), At("2026-10-26T12:00Z"), null)
            .Should()
            .Equal(At("2026-10-25T00:30Z"), At("2026-10-26T01:30Z"));
    }

    [Fact]
    public void Next_DailyWhereADayWasLeftOut_SkipsNoneAndDoublesNone()
    {
        var schedule = Every(1, TimeUnit.Day, "Pacific/Apia") with { StartHour = 0 };

        NextOccurrence
            .Between(schedule, At("2011-12-29T00:00Z"), At("2012-01-01T00:00Z"), null)
            .Should()
            .Equal(At("2011-12-29T10:00Z"), At("2011-12-30T10:00Z"), At("2011-12-31T10:00Z"));
    }

    [Fact]
    public void First_WithoutAStart_IsNow() =>
        NextOccurrence.First(Every(3, TimeUnit.Day), At("2026-01-05T23:37:03Z")).Should().Be(At("2026-01-05T23:37:03Z"));

    [Theory]
    [InlineData("2026-01-05T08:00Z", "2026-01-10T09:00Z")]
    [InlineData("2026-01-10T09:00Z", "2026-01-10T09:00Z")]
    [InlineData("2026-01-10T09:00:01Z", "2026-01-10T14:00Z")]
    public void First_WithAStartDate_IsTheStartOrTheNextGridPoint(string now, string expected) =>
        NextOccurrence
            .First(Every(5, TimeUnit.Hour) with { StartDate = new(2026, 1, 10), StartHour = 9 }, At(now))
            .Should()
            .Be(At(expected));

    [Theory]
    [InlineData(TimeUnit.Hour, "2026-01-05T07:00Z", "2026-01-05T09:15Z")]
    [InlineData(TimeUnit.Hour, "2026-01-05T12:00Z", "2026-01-05T13:15Z")]
    [InlineData(TimeUnit.Day, "2026-01-05T07:00Z", "2026-01-05T09:15Z")]
    [InlineData(TimeUnit.Day, "2026-01-05T12:00Z", "2026-01-07T09:15Z")]
    public void First_WithAnHourOnly_IsTodaysHourOrTheNextGridPoint(TimeUnit unit, string now, string expected) =>
        NextOccurrence.First(Every(2, unit) with { StartHour = 9, StartMinute = 15 }, At(now)).Should().Be(At(expected));

    [Fact]
    public void First_OnAnUnselectedDay_IsTheNextSelectedDaysStart()
    {
        var saturday = At("2026-01-10T12:00Z");

        NextOccurrence.First(Every(10, TimeUnit.Minute) with { SelectedDays = WorkDays }, saturday).Should().Be(At("2026-01-12T00:00Z"));
        NextOccurrence
            .First(Every(10, TimeUnit.Minute) with { SelectedDays = WorkDays, StartMinute = 20 }, saturday)
            .Should()
            .Be(At("2026-01-12T00:20Z"));
    }

    [Fact]
    public void Next_OverAWeekend_MovesToMondayAndCountsFromThere()
    {
        var friday = At("2026-01-09T23:55:30Z");
        var schedule = Every(7, TimeUnit.Hour) with { SelectedDays = WorkDays };

        NextOccurrence
            .Between(schedule, friday, At("2026-01-12T15:00Z"), friday)
            .Should()
            .Equal(At("2026-01-12T00:00Z"), At("2026-01-12T07:00Z"), At("2026-01-12T14:00Z"));
    }

    [Fact]
    public void Next_OverAWeekendOnAGrid_MovesToTheStartHourAndStaysOnTheGrid()
    {
        var schedule = Every(7, TimeUnit.Hour) with { SelectedDays = WorkDays, StartDate = new(2026, 1, 9), StartHour = 9 };

        NextOccurrence
            .Between(schedule, At("2026-01-09T08:00Z"), At("2026-01-12T23:00Z"), null)
            .Should()
            .Equal(
                At("2026-01-09T09:00Z"),
                At("2026-01-09T16:00Z"),
                At("2026-01-09T23:00Z"),
                At("2026-01-12T09:00Z"),
                At("2026-01-12T14:00Z"),
                At("2026-01-12T21:00Z")
            );
    }

    [Fact]
    public void Next_AtAndAfterTheExpiry_EndsWithIt()
    {
        var schedule = Every(10, TimeUnit.Minute) with { Expiration = At("2026-01-05T12:10Z") };

        NextOccurrence.Next(schedule, At("2026-01-05T12:00Z"), At("2026-01-05T12:00Z")).Should().Be(At("2026-01-05T12:10Z"));
        NextOccurrence.Next(schedule, At("2026-01-05T12:10Z"), At("2026-01-05T12:00Z")).Should().BeNull();
        NextOccurrence.First(schedule, At("2026-01-05T12:11Z")).Should().BeNull();
    }

    [Fact]
    public void Queries_OverDecadesOfMinutes_AreCheap()
    {
        var (from, to) = (At("1996-01-01T00:00Z"), At("2026-01-01T00:00Z"));
        var every = Every(1, TimeUnit.Minute, "Europe/Berlin");
        var weekdays = every with { SelectedDays = WorkDays };

        NextOccurrence.Count(every, from, to, from).Should().Be((long)(to - from).TotalMinutes);
        NextOccurrence.Last(every, from, to.AddSeconds(30), from).Should().Be(to);
        NextOccurrence.Between(every, from, to, from).Take(2).Should().HaveCount(2);
        NextOccurrence.Count(weekdays, from, to, from).Should().BeInRange(11_000_000, 11_500_000);
        NextOccurrence.Last(weekdays, from, At("2025-12-28T12:00Z"), from).Should().Be(At("2025-12-26T22:59Z"));
        NextOccurrence.Count(Cron("* * * * *"), from, to, from, limit: 100).Should().Be(100);
        NextOccurrence.Last(Cron("* * * * *"), from, to, from).Should().Be(to);
    }

    [Fact]
    public void Next_Cron_HonoursZoneStartDaysAndSeconds()
    {
        var nine = Cron("0 9 * * *", "Europe/Berlin") with { SelectedDays = WorkDays };

        NextOccurrence.Next(nine, At("2026-03-27T08:00Z"), null).Should().Be(At("2026-03-30T07:00Z"));
        NextOccurrence.Last(nine, At("2026-03-01T00:00Z"), At("2026-03-29T12:00Z"), null).Should().Be(At("2026-03-27T08:00Z"));
        NextOccurrence.First(nine, At("2026-03-27T08:00Z")).Should().Be(At("2026-03-27T08:00Z"));
        NextOccurrence.First(nine with { StartDate = new(2027, 1, 1) }, At("2026-03-27T08:00Z")).Should().Be(At("2027-01-01T08:00Z"));
        NextOccurrence.Next(Cron("*/20 * * * * *"), At("2026-03-27T08:00:05Z"), null).Should().Be(At("2026-03-27T08:00:20Z"));
        NextOccurrence.Next(Cron("30 2 * * *", "Europe/Berlin"), At("2026-03-28T12:00Z"), null).Should().Be(At("2026-03-29T01:00Z"));
        NextOccurrence
            .Between(Cron("30 2 * * *", "Europe/Berlin"), At("2026-10-24T12:00Z"), At("2026-10-25T12:00Z"), null)
            .Should()
            .Equal(At("2026-10-25T00:30Z"));
    }

    [Theory]
    [InlineData("0001-01-01T00:00Z")]
    [InlineData("2499-12-31T23:59:59Z")]
    [InlineData("9999-12-31T23:59:59Z")]
    public void Queries_CronAtTheEndsOfTheCalendar_DoNotThrow(string moment)
    {
        var schedule = Cron("0 0 29 2 1", "America/New_York") with { SelectedDays = WeekDays.Monday };

        NextOccurrence.First(schedule, At(moment));
        NextOccurrence.Next(schedule, At(moment), null);
        NextOccurrence.Last(schedule, DateTimeOffset.MinValue, At(moment), null);
        NextOccurrence.NeverFires(schedule, At(moment));
    }

    [Fact]
    public void NeverFires_NothingToCome_GivesTheReason()
    {
        var now = At("2026-01-05T12:00Z");
        var hourly = Every(1, TimeUnit.Hour);

        NextOccurrence.NeverFires(hourly, now).Should().BeNull();
        NextOccurrence.NeverFires(hourly with { LastExecutionTime = now.AddYears(-3) }, now).Should().BeNull();
        NextOccurrence.NeverFires(hourly with { Interval = null }, now).Should().Contain("neither timeInterval");
        NextOccurrence.NeverFires(hourly with { Interval = new(0, TimeUnit.Hour) }, now).Should().Contain("timeInterval is 0");
        NextOccurrence.NeverFires(hourly with { Expiration = now.AddMinutes(-1) }, now).Should().Be("it expired at 2026-01-05 11:59 (UTC)");
        NextOccurrence
            .NeverFires(hourly with { Expiration = now, StartDate = new(2026, 2, 1) }, now)
            .Should()
            .Contain("starts at 2026-02-01 00:00 (UTC), after it expires");
        NextOccurrence.NeverFires(Cron("0 0 30 2 *"), now).Should().Contain("has no occurrence any more");
        NextOccurrence
            .NeverFires(Cron("0 0 * * mon") with { SelectedDays = WeekDays.Tuesday }, now)
            .Should()
            .Contain("falls on one of its selectedDays");
        NextOccurrence.NeverFires(Cron("0 0 1 1 *") with { Expiration = now.AddDays(2) }, now).Should().Contain("after it expires");
        NextOccurrence.NeverFires(Every(999_999_999, TimeUnit.Day) with { StartDate = new(2020, 1, 1) }, now).Should().Contain("year 9999");
    }

    // The last moment at which it may fire is one at which it does.
    [Fact]
    public void NeverFires_ExpiresAtTheMomentItIsDue_FiresThen()
    {
        var now = At("2026-01-05T12:00Z");
        var hourly = Every(1, TimeUnit.Hour) with { Expiration = now };

        NextOccurrence.First(hourly, now).Should().Be(now);
        NextOccurrence.NeverFires(hourly, now).Should().BeNull();
        NextOccurrence.NeverFires(hourly with { StartDate = new(2026, 1, 6), Expiration = At("2026-01-06T00:00Z") }, now).Should().BeNull();
    }

    // Now, and whether an occurrence is left behind the last execution at noon, up to the end at a quarter past one.
    [Theory]
    [InlineData("2026-01-05T12:30Z", true)]
    [InlineData("2026-01-05T13:10Z", true)]
    [InlineData("2026-01-05T13:16Z", false)]
    public void NeverFires_ExecutedAndAboutToExpire_CountsWhatCouldBeMadeUpFor(string now, bool fires)
    {
        var hourly = Every(1, TimeUnit.Hour) with { LastExecutionTime = At("2026-01-05T12:00Z"), Expiration = At("2026-01-05T13:15Z") };

        (NextOccurrence.NeverFires(hourly, At(now)) is null).Should().Be(fires);
        NextOccurrence
            .NeverFires(hourly with { Expiration = At("2026-01-05T12:59Z") }, At("2026-01-05T12:10Z"))
            .Should()
            .StartWith("its next occurrence would come after it expires");
    }

    [Fact]
    public void First_IntervalOfNothing_IsNever() =>
        NextOccurrence.First(Every(0, TimeUnit.Hour), At("2026-01-05T12:00Z")).Should().BeNull();

    [Fact]
    public void Queries_NoSchedule_NameTheArgument()
    {
        Action[] queries =
        [
            static () => NextOccurrence.First(null!, DateTimeOffset.MinValue),
            static () => NextOccurrence.Next(null!, DateTimeOffset.MinValue, null),
            static () => NextOccurrence.Between(null!, DateTimeOffset.MinValue, DateTimeOffset.MinValue, null),
            static () => NextOccurrence.Last(null!, DateTimeOffset.MinValue, DateTimeOffset.MinValue, null),
            static () => NextOccurrence.Count(null!, DateTimeOffset.MinValue, DateTimeOffset.MinValue, null),
            static () => NextOccurrence.NeverFires(null!, DateTimeOffset.MinValue),
        ];

        queries.Should().AllSatisfy(static query => query.Should().Throw<ArgumentNullException>().WithParameterName("schedule"));
    }
}
