using LoopOrchestrator.Core.Escalations;

namespace LoopOrchestrator.Mcp.Tools.Escalations;

/// <summary>An escalation: a step failed so often in a row that it stopped.</summary>
internal sealed record EscalationResult(
    long EscalationId,
    string Reason,
    DateTimeOffset Since,
    string? ScheduleId,
    string Mode,
    IReadOnlyList<string> Runs
)
{
    public static EscalationResult From(Escalation escalation) =>
        new(escalation.Id, escalation.Reason, escalation.Since, escalation.ScheduleId, escalation.Mode, escalation.Runs);
}
