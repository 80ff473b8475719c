using LoopOrchestrator.Core.Runs.Contracts;

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
    public required IReadOnlyList<Run> Running { get; init; }

    /// <summary>The runs that wait.</summary>
    public required IReadOnlyList<Run> Queued { get; init; }

    /// <summary>The agents that are held back because their model's service refused them, by name.</summary>
    public required IReadOnlyDictionary<string, AgentHold> Holds { get; init; }

    /// <summary>Why a run waits for a person to look at what it would execute; <see langword="null"/> when it does not.</summary>
    public required Func<Run, string?> HeldBack { get; init; }

    /// <summary>Why a schedule would start nothing when it is due, by its id.</summary>
    public required IReadOnlyDictionary<string, string> StartingNothing { get; init; }
}
