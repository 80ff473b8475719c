namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>Who supervises a run and what it started, on disk before the agent can do anything.</summary>
/// <param name="Supervisor">The supervisor's identity.</param>
/// <param name="Agent">The agent's identity, once it runs.</param>
internal sealed record SupervisorRecord(string Supervisor, string? Agent = null);
