using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>What a supervised program has told of its cost so far.</summary>
/// <param name="CostUsd">In US dollars.</param>
/// <param name="Tokens">In tokens.</param>
/// <param name="TokenCounts">The same by kind.</param>
internal sealed record SupervisorSpent(double? CostUsd, long? Tokens, AgentTokens? TokenCounts = null);
