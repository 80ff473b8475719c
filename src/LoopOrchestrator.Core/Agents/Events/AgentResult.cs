namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>What an agent's result event tells: it has nothing more to do.</summary>
/// <param name="IsError">The agent itself calls its work failed.</param>
/// <param name="Text">Its final message.</param>
/// <param name="Turns">How many turns it took.</param>
internal sealed record AgentResult(bool IsError, string? Text = null, int? Turns = null);
