namespace LoopOrchestrator.Core.Status;

/// <summary>An interval that passed a limit.</summary>
/// <param name="TaskId">Its id; that of the run, where it is one.</param>
/// <param name="Mode">The mode.</param>
/// <param name="Priority">The priority.</param>
/// <param name="Task">What was worked on.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="Seconds">How long it took, or has lasted by now.</param>
/// <param name="LimitSeconds">The limit that holds for it.</param>
/// <param name="IsAllowed">It is over the usual limit and within its own.</param>
/// <param name="Setting">Where its limit comes from.</param>
public sealed record TimingAuditEntry(
    string TaskId,
    string Mode,
    string Priority,
    string Task,
    DateTimeOffset? StartTime,
    long Seconds,
    long LimitSeconds,
    bool IsAllowed,
    string Setting
);
