namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>What one row of the time log records.</summary>
public enum TimingEntryKind
{
    /// <summary>The beginning of an interval; end and duration are still to come.</summary>
    Start,

    /// <summary>The end of an interval whose start row stands earlier in the file with the same task id.</summary>
    Close,

    /// <summary>A whole interval in one row.</summary>
    Interval,

    /// <summary>An end without a start: no start row has its id, and neither start time nor duration is given. Counts in no sum.</summary>
    UnmatchedClose,
}
