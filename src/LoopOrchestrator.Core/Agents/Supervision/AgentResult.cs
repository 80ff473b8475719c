namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>What an agent's result event tells.</summary>
/// <param name="IsError">The agent itself calls its work failed.</param>
/// <param name="Text">Its final message.</param>
/// <param name="CostUsd">The cost of the run in US dollars.</param>
/// <param name="Turns">How many turns it took.</param>
/// <param name="SessionId">Its session, with which it can be resumed.</param>
internal sealed record AgentResult(bool IsError, string? Text = null, double? CostUsd = null, int? Turns = null, string? SessionId = null);
