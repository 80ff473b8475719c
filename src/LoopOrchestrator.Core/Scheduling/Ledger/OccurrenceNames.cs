namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>The names under which outcomes are stored and shown.</summary>
public static class OccurrenceNames
{
    /// <summary>The outcome's name.</summary>
    public static string Name(OccurrenceOutcome outcome) => outcome switch
    {
        OccurrenceOutcome.Started => "started",
        OccurrenceOutcome.Skipped => "skipped",
        OccurrenceOutcome.Coalesced => "coalesced",
        OccurrenceOutcome.Missed => "missed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
    };

    /// <summary>The outcome of that name; <see langword="null"/> for none.</summary>
    public static OccurrenceOutcome? Outcome(string? name) => name switch
    {
        "started" => OccurrenceOutcome.Started,
        "skipped" => OccurrenceOutcome.Skipped,
        "coalesced" => OccurrenceOutcome.Coalesced,
        "missed" => OccurrenceOutcome.Missed,
        _ => null,
    };
}
