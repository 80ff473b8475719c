using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>The day of the month beside the day of the week: either is enough where both are restricted, as crontab(5) has it.</summary>
public sealed class CronRuleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // From noon of Sunday, the 29th of November 2026.
    [Theory]
    [InlineData("0 9 1,15 * 5", true, "2026-12-01 2026-12-04 2026-12-11 2026-12-15 2026-12-18")]
    [InlineData("0 0 13 * 5", true, "2026-12-04 2026-12-11 2026-12-13 2026-12-18")]
    [InlineData("0 0 9 1,15 * FRI", true, "2026-12-01 2026-12-04 2026-12-11 2026-12-15")]
    [InlineData("0\t9\t1\t6\t5", true, "2027-06-01 2027-06-04 2027-06-11")]
    [InlineData("0 9 1-31 * 5", true, "2026-11-30 2026-12-01 2026-12-02")]
    [InlineData("0 9 1-7 * 1", true, "2026-11-30 2026-12-01 2026-12-02 2026-12-03 2026-12-04 2026-12-05 2026-12-06 2026-12-07 2026-12-14")]
    [InlineData("0 9 L * 5#1", true, "2026-11-30 2026-12-04 2026-12-31 2027-01-01")]
    [InlineData("0 9 15W * 1", true, "2026-11-30 2026-12-07 2026-12-14 2026-12-15")]
    [InlineData("0 9 31 * 5L", true, "2026-12-25 2026-12-31 2027-01-29 2027-01-31")]
    [InlineData("0 9 30 2 1", true, "2027-02-01 2027-02-08")]
    [InlineData("0 9 */2 * 5", false, "2026-12-11 2026-12-25 2027-01-01")]
    [InlineData("0 9 1,15 * */2", false, "2026-12-01 2026-12-15 2027-04-01")]
    [InlineData("0 9 ? * 5", false, "2026-12-04 2026-12-11")]
    [InlineData("0 9 15 * ?", false, "2026-12-15 2027-01-15")]
    [InlineData("0 9 15 * *", false, "2026-12-15 2027-01-15")]
    public void DayFields_BothOrOneRestricted_AreReadAsCrontabReadsThem(string rule, bool isEither, string days)
    {
        var schedule = TestSchedules.Cron(rule);
        var expected = days.Split(' ');
        var from = TestSchedules.At("2026-11-29T12:00Z");

        schedule.Cron!.FitsEitherDay.Should().Be(isEither);
        var found = NextOccurrence.Between(schedule, from, TestSchedules.At("2028-01-01T00:00Z"), null).Take(expected.Length).ToList();
        found.Select(static due => due.ToString("yyyy-MM-dd")).Should().Equal(expected);

        // Backwards it is the same, one by one.
        for (var index = expected.Length - 1; index > 0; index--)
        {
            NextOccurrence.Last(schedule, from, found[index].AddTicks(-1), null).Should().Be(found[index - 1]);
        }
    }

    [Theory]
    [InlineData("30 23 * 2 *", "2026-02-01T13:35Z", "2025-02-28T23:30Z")]
    [InlineData("0 9 * 3-11 *", "2026-03-01T08:00Z", "2025-11-30T09:00Z")]
    [InlineData("0 9 * 3-11 0", "2026-03-01T08:00Z", "2025-11-30T09:00Z")]
    [InlineData("0 9 * 2 5", "2026-02-01T08:00Z", "2025-02-28T09:00Z")]
    [InlineData("0 9 28 3-11 5", "2026-03-01T08:00Z", "2025-11-28T09:00Z")]
    public void Previous_FromTheFirstOfAMonth_IsInAMonthOfTheRule(string rule, string before, string expected)
    {
        var from = TestSchedules.At("2024-01-01T00:00Z");

        NextOccurrence.Last(TestSchedules.Cron(rule), from, TestSchedules.At(before), null).Should().Be(TestSchedules.At(expected));
    }

    [Fact]
    public void DayFields_BothAndSelectedDays_FitTheOneOrTheOtherOnASelectedDay()
    {
        var schedule = TestSchedules.Cron("0 9 1,15 * 5") with { SelectedDays = WeekDays.Friday | WeekDays.Tuesday };

        NextOccurrence
            .Between(schedule, TestSchedules.At("2026-12-01T12:00Z"), TestSchedules.At("2027-02-02T00:00Z"), null)
            .Select(static due => due.ToString("MM-dd"))
            .Should()
            .Equal("12-04", "12-11", "12-15", "12-18", "12-25", "01-01", "01-08", "01-15", "01-22", "01-29");
    }

    [Fact]
    public void HashedFields_WithBothDayFields_KeepTheirTimeOfDay()
    {
        var schedule = TestSchedules.Cron("H H 1,15 * 5");
        var single = TestSchedules.Cron("H H * * *");
        var (from, to) = (TestSchedules.At("2026-12-01T00:00Z"), TestSchedules.At("2027-03-01T00:00Z"));
        var time = NextOccurrence.Next(single, from, null)!.Value.TimeOfDay;

        NextOccurrence.Between(schedule, from, to, null).Should().HaveCountGreaterThan(10).And.OnlyContain(due => due.TimeOfDay == time);
    }

    [Theory]
    [InlineData("0 9 1,15 * 5", 1)]
    [InlineData("0 9 1,15 * *", 0)]
    [InlineData("0 9 */2 * 5", 0)]
    public void Read_BothDayFields_NotesItAtItsPlace(string rule, int notes)
    {
        var content = $$"""
            {"schedules":[
              {"id":"pay","name":"Pay","mode":"code","timeZone":"UTC",
               "cron":"{{rule}}"}
            ]}
            """;

        var set = ScheduleFile.Read(Encoding.UTF8.GetBytes(content), "schedules.json", TimeZoneInfo.Utc);

        set.Schedules.Should().ContainSingle();
        set.Diagnostics.Should().HaveCount(notes);
        foreach (var found in set.Diagnostics)
        {
            (found.Severity, found.Line).Should().Be((DiagnosticSeverity.Information, 3));
            found.Message.Should().Contain("either is enough");
        }
    }

    // The version before took both together, so its ledger knows nothing of the days between: no run is made up for.
    [Fact]
    public async Task Schedule_BothDayFieldsAndSeenByTheVersionBefore_CountsFromTheUpgrade()
    {
        using var test = new TestWorkspace();
        test.WriteSchedules("""{"id":"s","name":"s","mode":"code","taskInstructions":"x","cron":"0 0 13 * 5","timeZone":"UTC"}""");
        var schedule = test.Workspace.Schedules.Source.Schedules.Single();
        var before = ScheduleTiming.Of(schedule with { Cron = new CronRule("0 0 13 * *", schedule.Cron!.Times) });
        await test.Workspace.Storage.Ledger.RecordFirstSeenAsync("s", test.Now, Token);
        await test.Workspace.Storage.Ledger.RecordFingerprintAsync(
            "s",
            before.Replace("* *", "* 5", StringComparison.Ordinal),
            null,
            Token
        );
        await test.PassAfterAsync(TimeSpan.FromDays(7));

        (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token)).Should().BeEmpty();
        (await test.Workspace.Status.SchedulesAsync(Token)).Single().NextOccurrence.Should().Be(TestSchedules.At("2026-03-13T00:00Z"));
        await test.PassAfterAsync(TimeSpan.FromDays(4));
        (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Should()
            .ContainSingle()
            .Which.Outcome.Should()
            .Be(OccurrenceOutcome.Started);
    }
}
