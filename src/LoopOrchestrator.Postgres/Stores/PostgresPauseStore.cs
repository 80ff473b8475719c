using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The pauses of schedules.</summary>
internal sealed class PostgresPauseStore(PostgresDatabase database) : IPauseStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> PauseAsync(
        string scheduleId,
        string reason,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) => database.WriteAsync(session => PauseRows.Pause(session, scheduleId, reason, now, PauseCause.Person), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ResumeAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => PauseRows.Resume(session, scheduleId, now), cancellationToken);

    /// <inheritdoc/>
    public Task EndDueAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => PauseRows.EndDue(session, now), cancellationToken);

    /// <inheritdoc/>
    public Task<string?> FindReasonAsync(string? scheduleId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => PauseRows.Reason(session, scheduleId), cancellationToken);
}
