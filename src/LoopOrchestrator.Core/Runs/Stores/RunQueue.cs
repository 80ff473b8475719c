using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>A page of what waits for a process of its own at one moment.</summary>
/// <param name="Startable">The runs for which there may be a place, in the order in which they start.</param>
/// <param name="Next">When the next one that waits for a certain moment may start; <see langword="null"/> for none.</param>
internal sealed record RunQueue(IReadOnlyList<Run> Startable, DateTimeOffset? Next)
{
    /// <summary>How many runs are told of at a time: more than ever find a place at once, and few beside a queue of thousands.</summary>
    public const int PageSize = 32;

    /// <summary>Where the next page begins; <see langword="null"/> when there is none.</summary>
    public string? After => Startable.Count == PageSize ? Startable[^1].Id : null;
}
