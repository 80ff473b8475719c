using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// The ledger of a backend within one transaction, which nobody else's change comes into: what <see cref="OccurrenceEntry"/> asks and
/// writes.
/// </summary>
internal interface IOccurrenceTable
{
    /// <summary>What is recorded of a schedule.</summary>
    ScheduleState? State(string scheduleId);

    /// <summary>Whether it is paused, by itself or with all.</summary>
    bool IsPaused(string scheduleId);

    /// <summary>How many rows of due moments there are between two moments, both of them with it.</summary>
    long CountBetween(string scheduleId, DateTimeOffset first, DateTimeOffset last);

    /// <summary>Whether there is a row of that moment, of whatever origin.</summary>
    bool IsTaken(string scheduleId, DateTimeOffset moment);

    /// <summary>The runs of a schedule that are queued or going on, the oldest first.</summary>
    IReadOnlyList<Run> ActiveRuns(string scheduleId);

    /// <summary>The oldest moment that waits for its turn.</summary>
    Occurrence? OldestWaiting(string scheduleId);

    /// <summary>How many moments wait for their turn.</summary>
    long CountWaiting(string scheduleId);

    /// <summary>What waits for its <c>onlyIf</c> check, the oldest first.</summary>
    IReadOnlyList<Occurrence> Checking(string scheduleId);

    /// <summary>Moves the row of a moment that was triggered by hand.</summary>
    void MoveByHand(string scheduleId, DateTimeOffset from, DateTimeOffset to);

    /// <summary>Adds a row as it is.</summary>
    void Insert(Occurrence occurrence);

    /// <summary>
    /// Adds moments to the latest row of a schedule, where that has the same outcome for the same reason. False where it has not.
    /// </summary>
    bool TryExtend(string scheduleId, DueSegment due, OccurrenceOutcome outcome, string? reason, DateTimeOffset now);

    /// <summary>Has the moment that waited say that its run was started.</summary>
    void MarkStarted(Occurrence waiting, string runId, string reason, DateTimeOffset now);

    /// <summary>Records up to where a schedule's moments are entered.</summary>
    void RecordLastDue(string scheduleId, DateTimeOffset last);

    /// <summary>Adds a run, with why it is there.</summary>
    void AddRun(Run run, DateTimeOffset now, string why);

    /// <summary>Has moments measured that have their outcome now, once the transaction is on disk.</summary>
    void Measure(OccurrenceOutcome outcome, long count);
}
