namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The answer of <c>list_schedules</c>.</summary>
internal sealed record ScheduleListResult(IReadOnlyList<ScheduleResult> Schedules, string File, IReadOnlyList<string> Findings);
