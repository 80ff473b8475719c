using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>Where a schedule stands, in a word.</summary>
internal static class ScheduleBadge
{
    public static Html Of(ScheduleStatus status) =>
        !status.Schedule.Active ? Badge.Of("idle", "inactive")
        : status.OverdueSince is not null ? Badge.Of("bad", "overdue")
        : status.Paused is not null ? Badge.Of("wait", "paused")
        : status.WhyNot is null ? Badge.Of("run", "running")
        : status.WhyNot.IsOrdinary ? Badge.Of("ok", "on time")
        : Badge.Of("wait", "waits");

    /// <summary>How often it is due, in words.</summary>
    public static string Rule(ScheduleStatus status) =>
        status.Schedule.Cron is { } cron ? $"cron {cron}" : status.Schedule.Interval?.ToString() ?? "never by itself";
}
