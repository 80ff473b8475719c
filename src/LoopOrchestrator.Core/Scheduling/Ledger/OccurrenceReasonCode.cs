namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>The reasons of occurrences that something else depends on than their being read.</summary>
public enum OccurrenceReasonCode
{
    /// <summary>Its schedule's <c>onlyIf</c> command could not be started: the status says so until a person has corrected it.</summary>
    CheckNotStarted,

    /// <summary>Its schedule's <c>onlyIf</c> command said no: it is left out as it was meant to be.</summary>
    CheckSaidNo,

    /// <summary>The schedule was paused: it is left out as it was meant to be.</summary>
    Paused,
}
