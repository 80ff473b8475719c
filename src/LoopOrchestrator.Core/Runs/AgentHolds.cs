using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// The agents whose runs are held back, as far as their entries in the configuration are still those that were: whoever changes one wants
/// it tried. Safe for many threads and processes.
/// </summary>
/// <param name="store">What is recorded of them.</param>
/// <param name="agents">The agents.</param>
/// <param name="settings">The agents as this process has read them.</param>
/// <param name="time">The clock.</param>
/// <param name="wake">Has the servers look at once.</param>
internal sealed class AgentHolds(IAgentHoldStore store, AgentCatalog agents, AgentSettings settings, TimeProvider time, Action wake)
{
    /// <summary>Those in force now, by the agent's name.</summary>
    public async Task<IReadOnlyDictionary<string, AgentHold>> ListAsync(CancellationToken cancellationToken = default) =>
        (await store.ListAsync(cancellationToken))
            .Where(hold => agents.Find(hold.Agent) is { } agent && hold.Digest == DigestOf(agent))
            .ToDictionary(static hold => hold.Agent, StringComparer.Ordinal);

    /// <summary>Lets an agent go on. False when it was not held back.</summary>
    /// <exception cref="UserErrorException">There is no such agent.</exception>
    public async Task<bool> ResumeAsync(string agent, CancellationToken cancellationToken = default)
    {
        if (agents.Find(agent) is null)
        {
            throw new UserErrorException($"There is no agent '{agent}'. Agents here: {string.Join(", ", agents.Names)}.");
        }

        var isReleased = await store.ReleaseAsync(agent, time.GetUtcNow(), cancellationToken);
        wake();
        return isReleased;
    }

    /// <summary>The digest of an agent's entry; <see langword="null"/> for one that no hold concerns.</summary>
    public string? DigestOf(AgentDefinition agent) =>
        agent.Kind == AgentKind.Cli ? AgentTrust.Entry(agent, settings.FileName)?.Digest : null;
}
