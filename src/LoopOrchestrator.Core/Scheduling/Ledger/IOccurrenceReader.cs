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
}
