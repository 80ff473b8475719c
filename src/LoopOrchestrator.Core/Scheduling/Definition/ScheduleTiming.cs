using System.Globalization;
using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// What decides when a schedule is due, as one text: when it is another one than before, what was due under the old one is no
/// occurrence any more, and nothing that the new one would have had before counts as missed.
/// </summary>
internal static class ScheduleTiming
{
    /// <summary>The text of a schedule that is not in force: inactive, in error, or not in the file.</summary>
    public const string NotInForce = "-";

    public static string Of(Schedule schedule) =>
        !schedule.Active
            ? NotInForce
            : string.Join(
                '|',
                TextOf(schedule.Cron) ?? schedule.Interval?.ToString(),
                schedule.HasDayConstraint ? (int)schedule.SelectedDays : (int)WeekDays.All,
                schedule.TimeZone.Id,
                schedule.StartDate?.ToString("O", CultureInfo.InvariantCulture),
                schedule.StartHour,
                schedule.StartMinute,
                schedule.Expiration?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)
            );

    // Versions before took both day fields together: what those moments would have been is no misfire of this one.
    private static string? TextOf(CronRule? cron) => cron is { FitsEitherDay: true } ? $"{cron.Text} (either day)" : cron?.Text;
}
