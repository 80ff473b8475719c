using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>
/// The agents whose runs are held back. Each is recorded with the end of the attempt that showed it
/// (<see cref="IRunStore.EndAttemptAsync"/>). Safe for many threads and processes.
/// </summary>
internal interface IAgentHoldStore
{
    /// <summary>All of them, by the agent's name.</summary>
    Task<IReadOnlyList<AgentHold>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>Lets an agent go on. False when it was not held back.</summary>
    Task<bool> ReleaseAsync(string agent, CancellationToken cancellationToken = default);
}
