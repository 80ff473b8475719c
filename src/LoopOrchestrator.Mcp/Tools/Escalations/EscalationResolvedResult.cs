namespace LoopOrchestrator.Mcp.Tools.Escalations;

/// <summary>The answer of <c>resolve_escalation</c>.</summary>
internal sealed record EscalationResolvedResult(long EscalationId, bool? ScheduleResumed, string Next);
