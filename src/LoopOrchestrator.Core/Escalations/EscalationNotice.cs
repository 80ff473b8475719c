namespace LoopOrchestrator.Core.Escalations;

/// <summary>What is sent about an escalation, as JSON with these members in snake_case.</summary>
/// <param name="Kind">Always <c>escalation</c>.</param>
/// <param name="EscalationId">Its number: whoever gets a notice twice tells by it.</param>
/// <param name="Workspace">The workspace's folder.</param>
/// <param name="ScheduleId">The schedule that is paused by it.</param>
/// <param name="Mode">The mode of the runs.</param>
/// <param name="Task">The first line of their task.</param>
/// <param name="Reason">What failed and how.</param>
/// <param name="Since">When it began.</param>
/// <param name="Runs">The runs that failed, oldest first.</param>
internal sealed record EscalationNotice(
    string Kind,
    long EscalationId,
    string Workspace,
    string? ScheduleId,
    string Mode,
    string Task,
    string Reason,
    DateTimeOffset Since,
    IReadOnlyList<string> Runs
);
