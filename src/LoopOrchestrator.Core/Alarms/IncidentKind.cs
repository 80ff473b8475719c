namespace LoopOrchestrator.Core.Alarms;

/// <summary>What can go wrong so that somebody outside should know.</summary>
public enum IncidentKind
{
    /// <summary>A step failed so often in a row that it stopped.</summary>
    Escalation,

    /// <summary>A run waits for a person's answer.</summary>
    NeedsInput,

    /// <summary>A limit is reached because of which no further run begins.</summary>
    BudgetReached,

    /// <summary>Nothing fires although something should.</summary>
    DeadScheduler,

    /// <summary>Due moments of a schedule are left out again and again.</summary>
    Skips,
}
