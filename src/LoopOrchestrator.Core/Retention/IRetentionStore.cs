namespace LoopOrchestrator.Core.Retention;

/// <summary>
/// What is recorded of work that ended long ago, and its removal in pieces, because every other writer waits meanwhile. Kept are runs that
/// go on, that owe something or that an escalation or a row of failures is about, the runs above and below those, and the newest
/// occurrence of each schedule. A removed occurrence never makes its moment due again: its schedule remembers how far they went.
/// </summary>
internal interface IRetentionStore
{
    /// <summary>
    /// When the oldest run was made that is among so many of the newest; <see langword="null"/> where there are no more than that.
    /// </summary>
    Task<DateTimeOffset?> OldestOfAsync(int count, CancellationToken cancellationToken = default);

    /// <summary>The runs whose folders may go, with their ends: they are over, owe nothing, and no open escalation is about them.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> RemovableFoldersAsync(CancellationToken cancellationToken = default);

    /// <summary>Removes some of the occurrences that were decided before a moment.</summary>
    /// <returns>How many; 0 when none is left.</returns>
    Task<int> RemoveOccurrencesAsync(DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes some of the runs that ended before a moment, with their attempts and decisions, and what is recorded of cycles.
    /// </summary>
    /// <returns>How many; 0 when none is left.</returns>
    Task<int> RemoveRunsAsync(DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes some of the calls with a request id that were made before a moment and whose run, if they have one, is gone.
    /// </summary>
    /// <returns>How many; 0 when none is left.</returns>
    Task<int> RemoveRequestsAsync(DateTimeOffset before, CancellationToken cancellationToken = default);

    /// <summary>Removes some of the incidents that ended before a moment and of which nothing is still to be told.</summary>
    /// <returns>How many; 0 when none is left.</returns>
    Task<int> RemoveIncidentsAsync(DateTimeOffset before, CancellationToken cancellationToken = default);
}
