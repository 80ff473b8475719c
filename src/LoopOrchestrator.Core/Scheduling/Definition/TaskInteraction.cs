namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// What happens when an occurrence comes due while the schedule's work still runs: Roo Scheduler's <c>taskInteraction</c>.
/// </summary>
public enum TaskInteraction
{
    /// <summary>
    /// One occurrence waits; once the running work was silent for <see cref="Schedule.InactivityDelay"/>, it is ended. The default.
    /// </summary>
    Wait,

    /// <summary>What runs is cancelled.</summary>
    Interrupt,

    /// <summary>The occurrence is skipped.</summary>
    Skip,
}
