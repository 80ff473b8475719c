using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Servers;

/// <summary>One process's hold of the scheduler lock.</summary>
/// <param name="Id">Its number; later sessions have higher ones.</param>
/// <param name="Process">Which process, as <c>pid:start:boot</c>.</param>
/// <param name="StartedAt">When it took the lock.</param>
/// <param name="EndedAt">
/// When it let go of the lock, or, after a crash, when the next process took it; <see langword="null"/> while it has it or where nobody
/// took it since.
/// </param>
/// <param name="State">How it stands.</param>
/// <param name="Runs">How many runs were started meanwhile, by any process, in each state that they are in now.</param>
public sealed record SessionEntry(
    long Id,
    string Process,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    SessionState State,
    IReadOnlyDictionary<RunState, int> Runs
);
