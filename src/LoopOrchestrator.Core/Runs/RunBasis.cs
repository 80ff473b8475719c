using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Runs;

/// <summary>What a run would be started with.</summary>
/// <param name="Mode">Its mode; <see langword="null"/> when there is none of that name.</param>
/// <param name="Agent">Its agent; <see langword="null"/> when there is none of that name.</param>
/// <param name="Missing">Why there is no mode.</param>
/// <param name="Held">Why it must wait until a person has looked; <see langword="null"/> when it need not.</param>
internal sealed record RunBasis(Mode? Mode, AgentDefinition? Agent, UserErrorException? Missing, string? Held)
{
    /// <summary>The digest of its agent's entry; <see langword="null"/> for an agent that is never held back.</summary>
    public string? AgentDigest { get; init; }
}
