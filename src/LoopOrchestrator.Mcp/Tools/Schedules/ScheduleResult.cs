using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>A schedule as tools show it.</summary>
internal sealed record ScheduleResult(
    string Id,
    string Name,
    string Mode,
    bool Active,
    string? Paused,
    string Every,
    DateTimeOffset? NextOccurrence,
    string? LastOutcome,
    string? LastReason,
    DateTimeOffset? LastDueAt,
    string? LastRunId
)
{
    public static ScheduleResult From(ScheduleStatus status) =>
        new(
            status.Schedule.Id,
            status.Schedule.Name,
            status.Schedule.Mode,
            status.Schedule.Active,
            status.Paused,
            status.Schedule.Cron is { } cron ? $"cron {cron}" : status.Schedule.Interval?.ToString() ?? "never by itself",
            status.Paused is null ? status.NextOccurrence : null,
            status.Last is null ? null
                : status.Last.Outcome is { } outcome ? OccurrenceNames.Name(outcome)
                : "waiting",
            status.Last?.Reason,
            status.Last?.LastDueAt,
            status.Last?.RunId
        );
}
