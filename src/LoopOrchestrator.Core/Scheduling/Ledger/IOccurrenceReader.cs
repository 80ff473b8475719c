namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>Reads the ledger of occurrences. Safe for many threads.</summary>
public interface IOccurrenceReader
{
    /// <summary>What the ledger knows of each schedule, and of all of them under <see cref="ScheduleState.AllSchedules"/>.</summary>
    Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(CancellationToken cancellationToken = default);

    /// <summary>The ledger's rows, newest first.</summary>
    /// <param name="scheduleId">One schedule's, or all when not given.</param>
    /// <param name="limit">At most this many rows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Occurrence>> HistoryAsync(string? scheduleId, int limit, CancellationToken cancellationToken = default);

    /// <summary>What became of the due moments of a period, by half hours; what was triggered by hand is none.</summary>
    /// <param name="scheduleId">One schedule's, or all when not given.</param>
    /// <param name="from">Where the period begins.</param>
    /// <param name="until">The moment before which it ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those in which something was due, by schedule and then by time.</returns>
    Task<IReadOnlyList<OccurrenceSlot>> SlotsAsync(
        string? scheduleId,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken = default
    );
}
