namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What becomes of a due moment.</summary>
/// <param name="Outcome">Its outcome; <see langword="null"/> when it waits.</param>
/// <param name="Reason">Why, in words; <see langword="null"/> where it starts.</param>
internal sealed record OverlapDecision(OccurrenceOutcome? Outcome, string? Reason)
{
    /// <summary>The run that does its work too.</summary>
    public string? RunId { get; init; }

    /// <summary>The run that has to end first because the schedule interrupts.</summary>
    public string? InterruptRunId { get; init; }

    /// <summary>Which attempt of its <c>onlyIf</c> check it waits for; 0 for none.</summary>
    public int Checking { get; init; }
}
