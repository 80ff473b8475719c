namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>A step that stopped after repeated failures.</summary>
internal sealed record BoardEscalation(long EscalationId, string Reason, DateTimeOffset Since, string? ScheduleId, string Mode);
