namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>A limit of usage that an agent ran into: it can do nothing more until then.</summary>
/// <param name="Kind">Which limit, in the agent's own word, such as <c>five_hour</c> or <c>rate_limit</c>.</param>
/// <param name="ResetsAt">When it ends, where the agent says so.</param>
public sealed record AgentUsageLimit(string Kind, DateTimeOffset? ResetsAt);
