namespace LoopOrchestrator.Core.Status;

/// <summary>A limit of usage that an agent has run into. How much of one is used before that no agent says.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Kind">Which limit, in the agent's own word; <see langword="null"/> where it names none.</param>
/// <param name="ResetsAt">When its runs are tried again.</param>
/// <param name="Waiting">How many wait for that.</param>
public sealed record PlanWindow(string Agent, string? Kind, DateTimeOffset ResetsAt, int Waiting);
