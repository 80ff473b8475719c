using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The escalations of a workspace in its database. Safe for many threads.</summary>
internal sealed class SqliteEscalationStore(StateDatabase database) : IEscalationStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Escalation>> ListAsync(bool all, int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Escalation>>(
            connection =>
                connection.Query(
                    "SELECT * FROM escalations WHERE @all OR resolved_at IS NULL ORDER BY id DESC LIMIT @limit",
                    EscalationRows.Map,
                    ("@all", all),
                    ("@limit", limit)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Escalation>> UnrecoveredAsync(
        DateTimeOffset now,
        TimeSpan patience,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyList<Escalation>>(
            connection =>
                connection.Query(
                    """
                    WITH RECURSIVE unrecovered AS (
                        SELECT * FROM escalations
                        WHERE recovered_run_id IS NULL AND (resolved_at IS NULL OR resolved_at > @now - @patience)
                        UNION
                        SELECT earlier.* FROM unrecovered AS later JOIN escalations AS earlier
                          ON earlier.step = later.step AND earlier.id < later.id AND earlier.recovered_run_id IS NULL
                          AND earlier.resolved_at > later.since - @patience)
                    SELECT * FROM unrecovered ORDER BY id
                    """,
                    EscalationRows.Map,
                    ("@now", now),
                    ("@patience", (long)patience.TotalMilliseconds)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<int> FailuresAsync(Run run, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => EscalationRows.FailedRuns(connection, StepKey.Of(run)).Count, cancellationToken);

    /// <inheritdoc/>
    public Task<ResolvedEscalation> ResolveAsync(long id, string note, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var text = EscalationRules.Note(note);
        return database.WriteAsync(
            (connection, _) =>
            {
                if (
                    connection.Query("SELECT * FROM escalations WHERE id = @id", EscalationRows.Map, ("@id", id)).FirstOrDefault()
                    is not { } escalation
                )
                {
                    throw EscalationRules.Unknown(
                        id,
                        connection.Query(
                            "SELECT id FROM escalations WHERE resolved_at IS NULL ORDER BY id",
                            static reader => reader.GetInt64(0)
                        )
                    );
                }

                EscalationRules.RefuseResolved(escalation);
                connection.Execute(
                    "UPDATE escalations SET resolved_at = @now, note = @note WHERE id = @id",
                    ("@now", now),
                    ("@note", text),
                    ("@id", id)
                );
                connection.Execute("UPDATE notices SET next_at = NULL WHERE escalation_id = @id", ("@id", id));
                connection.Execute("DELETE FROM failing_steps WHERE step = (SELECT step FROM escalations WHERE id = @id)", ("@id", id));
                return new ResolvedEscalation(
                    escalation with
                    {
                        ResolvedAt = now,
                        Note = text,
                    },
                    escalation.ScheduleId is { } schedule ? PauseRows.ResumeEscalated(connection, schedule, id, now) : null
                );
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Escalation>> OwedAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Escalation>>(
            static connection =>
                connection.Query(
                    "SELECT * FROM escalations WHERE memory_pending = 1 OR recovery_pending = 1 ORDER BY id",
                    EscalationRows.Map
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task ClearOwedAsync(long id, bool recovery, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    recovery
                        ? "UPDATE escalations SET recovery_pending = 0 WHERE id = @id"
                        : "UPDATE escalations SET memory_pending = 0 WHERE id = @id",
                    ("@id", id)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<Escalation?> FindOpenAsync(string step, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection
                    .Query("SELECT * FROM escalations WHERE step = @step AND resolved_at IS NULL", EscalationRows.Map, ("@step", step))
                    .FirstOrDefault(),
            cancellationToken
        );
}
