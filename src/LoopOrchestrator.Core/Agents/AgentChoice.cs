using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Agents;

/// <summary>The agent that a run gets.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Why">Why it is that one, in words.</param>
public sealed record AgentChoice(AgentDefinition Agent, string Why);
