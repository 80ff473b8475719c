using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Status;

/// <summary>What the reasons of schedules and runs are found in: how a workspace stands at one moment.</summary>
internal sealed record WhyNotFacts
{
    /// <summary>The moment.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether a process fires schedules.</summary>
    public required bool Fires { get; init; }

    /// <summary>Whether a live server may start programs.</summary>
    public required bool StartsPrograms { get; init; }

    /// <summary>How many runs with a program of their own may go on at once.</summary>
    public required int MaxRunning { get; init; }

    /// <summary>The runs that go on.</summary>
    public required IReadOnlyList<Run> Running
    {
        get;
        init
        {
            field = value;
            RunningById = First(value, static run => run.Id);
            RunningBySchedule = First(value, static run => run.ScheduleId);
        }
    }

    /// <summary>The runs that wait.</summary>
    public required IReadOnlyList<Run> Queued
    {
        get;
        init
        {
            field = value;
            QueuedBySchedule = First(value, static run => run.ScheduleId);
            LimitedByAgent = First(
                value.Where(static run => run.Failure == RunFailure.UsageLimit).OrderByDescending(static run => run.NotBefore),
                static run => run.Agent
            );
        }
    }

    /// <summary>How many runs may wait.</summary>
    public required int MaxQueued { get; init; }

    /// <summary>Of each schedule that has any, the oldest occurrence that waits for its turn or its check.</summary>
    public required IReadOnlyDictionary<string, Occurrence> Open { get; init; }

    // Thousands may wait, and each is asked about.
    internal IReadOnlyDictionary<string, Run> RunningById { get; private init; } = new Dictionary<string, Run>(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Run> RunningBySchedule { get; private init; } =
        new Dictionary<string, Run>(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Run> QueuedBySchedule { get; private init; } = new Dictionary<string, Run>(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Run> LimitedByAgent { get; private init; } = new Dictionary<string, Run>(StringComparer.Ordinal);

    /// <summary>The agents that are held back because their model's service refused them, by name.</summary>
    public required IReadOnlyDictionary<string, AgentHold> Holds { get; init; }

    /// <summary>Why a run waits for a person to look at what it would execute; <see langword="null"/> when it does not.</summary>
    public required Func<Run, string?> HeldBack { get; init; }

    /// <summary>Why a schedule would start nothing when it is due, by its id.</summary>
    public required IReadOnlyDictionary<string, string> StartingNothing { get; init; }

    private static Dictionary<string, Run> First(IEnumerable<Run> runs, Func<Run, string?> key)
    {
        var result = new Dictionary<string, Run>(StringComparer.Ordinal);
        foreach (var run in runs)
        {
            if (key(run) is { } name)
            {
                result.TryAdd(name, run);
            }
        }

        return result;
    }
}
