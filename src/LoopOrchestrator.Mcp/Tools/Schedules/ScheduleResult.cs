using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>A schedule as tools show it.</summary>
/// <param name="LastOutcome">Where the latest run of its due moments stands: what became of its work.</param>
/// <param name="LastOccurrenceOutcome">What the ledger has for its newest due moment.</param>
/// <param name="LastReason">Why that is so.</param>
/// <param name="LastDueAt">That due moment.</param>
internal sealed record ScheduleResult(
    string Id,
    string Name,
    string Mode,
    bool Active,
    string? Paused,
    string Every,
    DateTimeOffset? NextOccurrence,
    string? LastOutcome,
    string? LastOccurrenceOutcome,
    string? LastReason,
    DateTimeOffset? LastDueAt,
    string? LastRunId
)
{
    /// <summary>Why it does not run now; left out while its work goes on.</summary>
    public string? WhyNot { get; init; }

    /// <summary>The kind of that reason.</summary>
    public string? WhyNotCode { get; init; }

    public static ScheduleResult From(ScheduleStatus status) =>
        new(
            status.Schedule.Id,
            status.Schedule.Name,
            status.Schedule.Mode,
            status.Schedule.Active,
            status.Paused,
            status.Schedule.Cron is { } cron ? $"cron {cron}" : status.Schedule.Interval?.ToString() ?? "never by itself",
            status.Paused is null ? status.NextOccurrence : null,
            status.LastRun?.State.Name(),
            status.Last?.OutcomeName,
            status.Last?.Reason,
            status.Last?.LastDueAt,
            status.LastRun?.Id ?? status.Last?.RunId
        )
        {
            WhyNot = status.WhyNot is { } why ? ToolNames.Plain(why.Text) : null,
            WhyNotCode = status.WhyNot?.CodeName,
        };
}
