namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>A schedule and when it is due next.</summary>
internal sealed record BoardSchedule(string Id, string Name, string Mode, DateTimeOffset NextOccurrence);
