using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Database;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The pauses of schedules in the database.</summary>
internal sealed class SqlitePauseStore(StateDatabase database) : IPauseStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PauseAsync(
        string scheduleId,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) => database.WriteAsync((connection, _) => PauseRows.Pause(connection, scheduleId, reason, now, PauseCause.Person), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ResumeAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => PauseRows.Resume(connection, scheduleId, now), cancellationToken);

    /// <inheritdoc/>
    public Task EndDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => PauseRows.EndDue(connection, now), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindReasonAsync(string? scheduleId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => PauseRows.Reason(connection, scheduleId), cancellationToken);
}
