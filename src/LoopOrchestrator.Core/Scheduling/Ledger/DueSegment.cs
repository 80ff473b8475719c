namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>Due moments in a row with one fate, decided before anyone looked at what is running.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Last">The last of them.</param>
/// <param name="Count">How many.</param>
/// <param name="Outcome">Their outcome; <see langword="null"/> for the one that is to be fired.</param>
/// <param name="Reason">Why, when the outcome is given.</param>
internal sealed record DueSegment(DateTimeOffset First, DateTimeOffset Last, long Count, OccurrenceOutcome? Outcome, string? Reason)
{
    /// <summary>Whether firing it makes up for a moment that nothing could fire at its time.</summary>
    public bool IsCatchUp { get; init; }

    /// <summary>The kind of the reason, where something depends on that.</summary>
    public OccurrenceReasonCode? ReasonCode { get; init; }
}
