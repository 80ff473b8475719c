namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>One understood row of the time log.</summary>
/// <param name="Kind">What the row records.</param>
/// <param name="Line">The row's line, counted from 1; 0 for a row just written.</param>
/// <param name="Timestamp">When the row was written, as far as it says so.</param>
/// <param name="Mode">The mode's slug; empty where the row has none.</param>
/// <param name="TaskId">The id that start and closing row share; empty where the row has none. Rows of others repeat ids.</param>
/// <param name="StartTime">When the work began, UTC. A closing row without it takes that of its start row.</param>
/// <param name="EndTime">When the work ended, UTC.</param>
/// <param name="DurationSeconds">
/// Whole seconds: as the row states them, else from its times. Never negative. <see langword="null"/> for a start and for an unmatched end.
/// </param>
/// <param name="Task">The task's text, control characters as they were given.</param>
/// <param name="Result">The result's text; <c>started</c> in start rows of ours.</param>
/// <param name="Priority">The priority as written; empty in old rows.</param>
public sealed record TimingEntry(
    TimingEntryKind Kind,
    int Line,
    DateTimeOffset? Timestamp,
    string Mode,
    string TaskId,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    long? DurationSeconds,
    string Task,
    string Result,
    string Priority
)
{
    /// <summary>Whether the row completes an interval, so that its duration counts in sums.</summary>
    public bool IsComplete => Kind is TimingEntryKind.Close or TimingEntryKind.Interval;
}
