namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>The names under which states and outcomes are stored and shown.</summary>
public static class OccurrenceNames
{
    /// <summary>The outcome's name.</summary>
    public static string Name(OccurrenceOutcome outcome) =>
        outcome switch
        {
            OccurrenceOutcome.Started => "started",
            OccurrenceOutcome.Skipped => "skipped",
            OccurrenceOutcome.Coalesced => "coalesced",
            OccurrenceOutcome.Missed => "missed",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, message: null),
        };

    /// <summary>The origin's name.</summary>
    public static string Name(OccurrenceOrigin origin) => origin == OccurrenceOrigin.Hand ? "hand" : "schedule";

    /// <summary>The reason's name.</summary>
    public static string Name(OccurrenceReasonCode code) =>
        code switch
        {
            OccurrenceReasonCode.CheckNotStarted => "check_not_started",
            OccurrenceReasonCode.CheckSaidNo => "check_said_no",
            OccurrenceReasonCode.Paused => "paused",
            _ => throw new ArgumentOutOfRangeException(nameof(code), code, message: null),
        };

    /// <summary>The origin of that name.</summary>
    public static OccurrenceOrigin Origin(string? name) => name == "hand" ? OccurrenceOrigin.Hand : OccurrenceOrigin.Schedule;

    /// <summary>The reason of that name; <see langword="null"/> for none.</summary>
    public static OccurrenceReasonCode? ReasonCode(string? name) =>
        name switch
        {
            "check_not_started" => OccurrenceReasonCode.CheckNotStarted,
            "check_said_no" => OccurrenceReasonCode.CheckSaidNo,
            "paused" => OccurrenceReasonCode.Paused,
            _ => null,
        };

    /// <summary>The outcome of that name; <see langword="null"/> for none.</summary>
    public static OccurrenceOutcome? Outcome(string? name) =>
        name switch
        {
            "started" => OccurrenceOutcome.Started,
            "skipped" => OccurrenceOutcome.Skipped,
            "coalesced" => OccurrenceOutcome.Coalesced,
            "missed" => OccurrenceOutcome.Missed,
            _ => null,
        };
}
