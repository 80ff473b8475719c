namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>A live server process.</summary>
internal sealed record ServerResult(int Pid, string Mode, bool Trusted, DateTimeOffset StartedAt);
