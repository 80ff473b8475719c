using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// How many further runs the limits allow at one moment, counted down while they are planned: so that a thousand due moments ask
/// the database once and not a thousand times. Not safe for many threads.
/// </summary>
/// <param name="limits">The limits in force.</param>
/// <param name="queued">How many runs wait.</param>
/// <param name="ofHour">How many were asked for within the last hour.</param>
/// <param name="budget">Which limit of the day is reached, in words; <see langword="null"/> for none.</param>
internal sealed class RunPlaces(RunLimits limits, long queued, long ofHour, string? budget)
{
    private long _planned;

    /// <summary>Whether the queue has no room now; it has again when one of its runs is started.</summary>
    public bool IsQueueFull => queued + _planned >= limits.QueueLength;

    /// <summary>Which limit a further run would pass, in words that stay the same as long as it holds; <see langword="null"/> for none.</summary>
    public string? FindLimit() =>
        IsQueueFull ? $"{BudgetRows.Prefix}{limits.QueueLength} runs wait already (limits.queueLength)"
            : ofHour + _planned >= limits.RunsPerHour ? $"{BudgetRows.Prefix}{limits.RunsPerHour} runs were asked for within an hour (limits.runsPerHour)"
            : budget;

    /// <summary>Counts a run that will be added.</summary>
    public void Take() => _planned++;
}
