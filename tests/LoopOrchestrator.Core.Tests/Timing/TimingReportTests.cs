using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Tests.Timing;

public sealed class TimingReportTests
{
    private static readonly DateTimeOffset Day = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Create_MixedEntries_SumsCompleteOnesByEverything()
    {
        var report = TimingReport.Create(
            Reading(
                Interval("a", "code", 0, 100, "todo"),
                Interval("b", "ask", 0, 50, "normal"),
                Interval("a", "code", 1, 4000, "schedule"),
                Start("c", "code", 1)
            )
        );

        report.Total.Should().Be(new TimingTotal("", 3, 4150));
        report.ByMode.Should().Equal(new TimingTotal("code", 2, 4100), new TimingTotal("ask", 1, 50));
        report.ByPriority.Select(total => total.Key).Should().Equal("schedule", "todo", "normal");
        report.ByDay.Should().Equal(new TimingTotal("2026-01-03", 1, 4000), new TimingTotal("2026-01-02", 2, 150));
        report.ByTask[0].Should().Be(new TimingTotal("a", 2, 4100));
        report.Open.Should().ContainSingle().Which.Task.Should().Be("c");
        report.OverLimit.Should().ContainSingle().Which.DurationSeconds.Should().Be(4000);
    }

    [Fact]
    public void Create_Filters_ApplyToAll()
    {
        var reading = Reading(
            Interval("a", "code", 0, 100, "todo"),
            Interval("b", "ask", 0, 50, "normal"),
            Interval("a", "code", 1, 4000, "schedule"),
            Start("c", "code", 1)
        );

        TimingReport
            .Create(reading, new TimingReportOptions { Mode = "ask" })
            .Should()
            .Match<TimingReport>(report => report.Total.Seconds == 50 && report.OpenCount == 0);
        TimingReport.Create(reading, new TimingReportOptions { Priority = "todo" }).Total.Seconds.Should().Be(100);
        TimingReport.Create(reading, new TimingReportOptions { From = Day.AddDays(1) }).Total.Seconds.Should().Be(4000);
        TimingReport.Create(reading, new TimingReportOptions { To = Day.AddDays(1) }).Total.Seconds.Should().Be(150);
        TimingReport
            .Create(reading, new TimingReportOptions { LongerThanSeconds = 60, Limit = 1 })
            .Should()
            .Match<TimingReport>(report =>
                report.OverLimit.Count == 1 && report.OverLimitCount == 2 && report.Complete.Count == 1 && report.Total.Count == 3
            );
    }

    [Fact]
    public void Create_BadOptions_AreRefused()
    {
        FluentActions
            .Invoking(() => TimingReport.Create(Reading(), new TimingReportOptions { Limit = 0 }))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("limit is 0; it must be at least 1.");
        FluentActions
            .Invoking(() => TimingReport.Create(Reading(), new TimingReportOptions { From = Day, To = Day }))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("to (*) must be after from (*).");
    }

    private static TimingReading Reading(params TimingEntry[] entries) => new(entries, [], 1, 0, 0, 0);

    private static TimingEntry Interval(string task, string mode, int day, int seconds, string priority) =>
        new(
            TimingEntryKind.Interval,
            1,
            null,
            mode,
            "",
            Day.AddDays(day),
            Day.AddDays(day).AddSeconds(seconds),
            seconds,
            task,
            "completed",
            priority
        );

    private static TimingEntry Start(string task, string mode, int day) =>
        new(TimingEntryKind.Start, 1, null, mode, "open", Day.AddDays(day), null, null, task, "started", "normal");
}
