using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>What is known of one schedule: its present, its next moments, and what became of those before.</summary>
internal sealed record ScheduleHistory
{
    /// <summary>How many of its latest moments are told one by one.</summary>
    public const int MaxLatest = 20;

    private const int MaxNext = 10;
    private const int MaxRuns = 60;
    private const int MaxDays = 14;

    public required ScheduleStatus Status { get; init; }

    /// <summary>When it is due next.</summary>
    public required IReadOnlyList<DateTimeOffset> Next { get; init; }

    /// <summary>Its moments of the last days, counted: however many there were, none is left out.</summary>
    public required IReadOnlyList<SlotDay> Days { get; init; }

    /// <summary>Its latest moments, the latest first.</summary>
    public required IReadOnlyList<Occurrence> Latest { get; init; }

    /// <summary>Its latest runs, the latest first.</summary>
    public required IReadOnlyList<Run> Runs { get; init; }

    public static async Task<ScheduleHistory> ReadAsync(Workspace workspace, ScheduleStatus status, CancellationToken cancellationToken)
    {
        var id = status.Schedule.Id;
        return new ScheduleHistory
        {
            Status = status,
            Next = await workspace.Schedules.UpcomingAsync(status.Schedule, MaxNext, cancellationToken),
            Days = await workspace.Reports.SlotsAsync(id, MaxDays, cancellationToken),
            Latest = await workspace.Schedules.Ledger.HistoryAsync(id, MaxLatest, cancellationToken),
            Runs = await workspace.Runs.ListAsync(new RunFilter { ScheduleId = id, Limit = MaxRuns }, cancellationToken),
        };
    }
}
