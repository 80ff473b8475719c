using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>
/// The agents whose runs are held back. Each is recorded with the end of the attempt that showed it, and let go with that of a later one
/// that succeeded, or that was done by another entry of the agent (<see cref="IRunStore.EndAttemptAsync"/>). Safe for many threads and
/// processes.
/// </summary>
internal interface IAgentHoldStore
{
    /// <summary>All of them, by the agent's name.</summary>
    Task<IReadOnlyList<AgentHold>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Lets an agent go on; a failure of before, of which is heard later, does not hold it back again. False when it was not held back.
    /// </summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> ReleaseAsync(string agent, DateTimeOffset now, CancellationToken cancellationToken = default);
}
