namespace LoopOrchestrator.Mcp.Tools.Escalations;

/// <summary>The answer of <c>resume_agent</c>.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Resumed">Whether it was held back until now.</param>
internal sealed record AgentResumedResult(string Agent, bool Resumed);
