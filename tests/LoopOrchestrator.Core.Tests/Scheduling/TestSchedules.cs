using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>Schedules without a file.</summary>
internal static class TestSchedules
{
    public static Schedule Every(int count, TimeUnit unit, string zone = "UTC") =>
        new()
        {
            Id = "s",
            Name = "s",
            Mode = "code",
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone),
            Interval = new(count, unit),
        };

    public static Schedule Cron(string expression, string zone = "UTC")
    {
        CronRule.TryParse(expression, "s", out var rule, out var reason).Should().BeTrue(reason);
        return Every(1, TimeUnit.Day, zone) with { Interval = null, Cron = rule };
    }

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
