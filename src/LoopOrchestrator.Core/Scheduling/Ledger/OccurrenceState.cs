namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>Where an occurrence stands: it waits, or has its <see cref="OccurrenceOutcome"/>.</summary>
public enum OccurrenceState
{
    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>It waits for its schedule's <c>onlyIf</c> check.</summary>
    Checking,

    /// <inheritdoc cref="OccurrenceOutcome.Started"/>
    Started,

    /// <inheritdoc cref="OccurrenceOutcome.Skipped"/>
    Skipped,

    /// <inheritdoc cref="OccurrenceOutcome.Coalesced"/>
    Coalesced,

    /// <inheritdoc cref="OccurrenceOutcome.Missed"/>
    Missed,
}
