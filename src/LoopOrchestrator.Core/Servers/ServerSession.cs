using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Servers;

/// <summary>A session as it is recorded.</summary>
/// <param name="Id">Its number; later sessions have higher ones.</param>
/// <param name="Identity">The process that had the scheduler lock.</param>
/// <param name="StartedAt">When it took the lock.</param>
/// <param name="EndedAt">When it let go of it, or, after a crash, when the next process took it.</param>
internal sealed record ServerSession(long Id, string Identity, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    /// <summary>When the session after it began; <see langword="null"/> for the latest.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>How many runs were started meanwhile, in each state that they are in now.</summary>
    public IReadOnlyDictionary<RunState, int> Runs { get; init; } = new Dictionary<RunState, int>();
}
