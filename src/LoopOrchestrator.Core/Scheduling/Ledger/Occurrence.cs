using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>A row of the ledger: one due moment, or several in a row that share their outcome.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="DueAt">The due moment; of several, the first.</param>
/// <param name="LastDueAt">The last due moment that the row stands for.</param>
/// <param name="Count">How many due moments it stands for.</param>
/// <param name="Outcome">What became of it; <see langword="null"/> while it waits.</param>
/// <param name="Reason">Why.</param>
/// <param name="RunId">The run that does its work.</param>
/// <param name="DecidedAt">When that was decided.</param>
public sealed record Occurrence(
    string ScheduleId,
    DateTimeOffset DueAt,
    DateTimeOffset LastDueAt,
    long Count,
    OccurrenceOutcome? Outcome,
    string? Reason,
    string? RunId,
    DateTimeOffset? DecidedAt
)
{
    /// <summary>What it comes from.</summary>
    public OccurrenceOrigin Origin { get; init; }

    /// <summary>Whether its run makes up for a moment that nothing could fire at its time.</summary>
    public bool IsCatchUp { get; init; }

    /// <summary>
    /// Where <see cref="RunId">its run</see> stands; only where rows are read for people, and <see langword="null"/> where that run is not
    /// known any more.
    /// </summary>
    public RunState? RunState { get; init; }

    /// <summary>The kind of its <see cref="Reason"/>, where something depends on that.</summary>
    public OccurrenceReasonCode? ReasonCode { get; init; }

    /// <summary>Its outcome as it is shown, or that it waits.</summary>
    public string OutcomeName => Outcome is { } outcome ? OccurrenceNames.Name(outcome) : "waiting";

    /// <summary>Where it stands.</summary>
    public OccurrenceState State =>
        Outcome switch
        {
            null => Checking > 0 ? OccurrenceState.Checking : OccurrenceState.Waiting,
            OccurrenceOutcome.Started => OccurrenceState.Started,
            OccurrenceOutcome.Skipped => OccurrenceState.Skipped,
            OccurrenceOutcome.Coalesced => OccurrenceState.Coalesced,
            _ => OccurrenceState.Missed,
        };

    /// <summary>Which attempt of its <c>onlyIf</c> check decides before anything else; 0 when none does.</summary>
    public int Checking { get; init; }

    /// <summary>The name of the folder of that attempt, made for it with a part that nobody can guess; none until it is begun.</summary>
    public string? CheckFolder { get; init; }

    /// <summary>The hash of the secret that the outcome in <see cref="CheckFolder"/> must show; see <c>SupervisorStart</c>.</summary>
    public string? CheckHash { get; init; }
}
