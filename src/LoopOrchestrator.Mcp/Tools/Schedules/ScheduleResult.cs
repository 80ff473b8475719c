using System.ComponentModel;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>A schedule as tools show it.</summary>
internal sealed record ScheduleResult(
    string Id,
    string Name,
    [property: Description("The slug of the mode in which its work is done.")] string Mode,
    bool Active,
    [property: Description("Why it is paused, and since when; absent when it is not.")] string? Paused,
    string Every,
    [property: Description("When it is due next (UTC); absent when it never will be.")] DateTimeOffset? NextOccurrence,
    [property: Description("What became of its newest due moment: started, skipped, coalesced, missed or waiting; absent before the first.")] string? LastOutcome,
    string? LastReason,
    DateTimeOffset? LastDueAt,
    [property: Description("The run that it started or joined.")] string? LastRunId)
{
    public static ScheduleResult From(ScheduleStatus status) => new(
        status.Schedule.Id,
        status.Schedule.Name,
        status.Schedule.Mode,
        status.Schedule.Active,
        status.Paused,
        status.Schedule.Cron is { } cron ? $"cron {cron}" : status.Schedule.Interval?.ToString() ?? "never by itself",
        status.Paused is null ? status.NextOccurrence : null,
        status.Last is null ? null : status.Last.Outcome is { } outcome ? OccurrenceNames.Name(outcome) : "waiting",
        status.Last?.Reason,
        status.Last?.LastDueAt,
        status.Last?.RunId);
}
