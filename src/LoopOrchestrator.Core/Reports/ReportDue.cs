namespace LoopOrchestrator.Core.Reports;

/// <summary>What became of the due moments of a schedule, or of all.</summary>
/// <param name="ScheduleId">The schedule; empty for all.</param>
public sealed record ReportDue(string ScheduleId)
{
    /// <summary>What the schedule is called now; <see langword="null"/> for one that is not there any more.</summary>
    public string? Name { get; init; }

    /// <summary>How many started a run that has not ended badly.</summary>
    public long Fired { get; init; }

    /// <summary>How many started a run that has ended badly.</summary>
    public long Failed { get; init; }

    /// <summary>How many were left out on purpose, or are done by another.</summary>
    public long Skipped { get; init; }

    /// <summary>How many nothing fired at their time, and the ledger says so.</summary>
    public long Missed { get; init; }

    /// <summary>How many are entered and wait.</summary>
    public long Waiting { get; init; }

    /// <summary>How many nothing has ever entered, though their time is over.</summary>
    public long Missing { get; init; }

    /// <summary>How many there were.</summary>
    public long Due => Fired + Failed + Skipped + Missed + Waiting + Missing;

    /// <summary>How many have an outcome.</summary>
    public long WithOutcome => Due - Waiting - Missing;

    /// <summary>Whether each that is not waiting has one.</summary>
    public bool IsComplete => Missing == 0;
}
