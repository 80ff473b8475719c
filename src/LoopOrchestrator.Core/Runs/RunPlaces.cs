using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// How many further runs the limits allow at one moment, counted down while they are planned: so that a thousand due moments ask
/// the database once and not a thousand times. Not safe for many threads.
/// </summary>
/// <param name="limits">The limits in force.</param>
/// <param name="load">What was asked for already.</param>
internal sealed class RunPlaces(RunLimits limits, RunLoad load)
{
    private long _planned;

    /// <summary>Whether the queue has no room now; it has again when one of its runs is started.</summary>
    public bool IsQueueFull => load.Queued + _planned >= limits.QueueLength;

    /// <summary>Which limit a further run would pass; <see langword="null"/> for none.</summary>
    public ReachedLimit? FindLimit() =>
        IsQueueFull ? OfRuns($"{limits.QueueLength} runs wait already (limits.queueLength)")
        : load.OfHour + _planned >= limits.RunsPerHour
            ? OfRuns($"{limits.RunsPerHour} runs were asked for within an hour (limits.runsPerHour)")
        : load.Budget is { } ofDay ? new ReachedLimit(ofDay, IsOfDay: true)
        : null;

    /// <summary>Counts a run that will be added.</summary>
    public void Take() => _planned++;

    private static ReachedLimit OfRuns(string text) => new(BudgetRules.Prefix + text, IsOfDay: false);
}
