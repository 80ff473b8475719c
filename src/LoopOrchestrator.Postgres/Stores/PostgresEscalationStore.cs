using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The escalations of a workspace. Safe for many threads.</summary>
internal sealed class PostgresEscalationStore(PostgresDatabase database) : IEscalationStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Escalation>> ListAsync(bool all, int limit, CancellationToken cancellationToken = default) =>
        ReadAsync(
            "SELECT * FROM escalations WHERE workspace = @workspace AND (@all OR resolved_at IS NULL) ORDER BY id DESC LIMIT @limit",
            [("@all", all), ("@limit", limit)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Escalation>> UnrecoveredAsync(
        DateTimeOffset now,
        TimeSpan patience,
        CancellationToken cancellationToken = default
    ) =>
        ReadAsync(
            """
            WITH RECURSIVE unrecovered AS (
              SELECT * FROM escalations
              WHERE workspace = @workspace AND recovered_run_id IS NULL
                AND (resolved_at IS NULL OR resolved_at > @now - @patience * interval '1 millisecond')
              UNION
              SELECT earlier.* FROM unrecovered AS later JOIN escalations AS earlier
                ON earlier.workspace = @workspace AND earlier.step = later.step AND earlier.id < later.id
                AND earlier.recovered_run_id IS NULL
                AND earlier.resolved_at > later.since - @patience * interval '1 millisecond')
            SELECT * FROM unrecovered ORDER BY id
            """,
            [("@now", now), ("@patience", (long)patience.TotalMilliseconds)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<int> FailuresAsync(Run run, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => EscalationRows.FailedRuns(session, StepKey.Of(run)).Count, cancellationToken);

    /// <inheritdoc/>
    public Task<ResolvedEscalation> ResolveAsync(long id, string note, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var text = EscalationRules.Note(note);
        return database.WriteAsync(
            session =>
            {
                if (
                    session
                        .Query(
                            "SELECT * FROM escalations WHERE workspace = @workspace AND id = @id",
                            EscalationFields.Map,
                            ("@id", id)
                        )
                        .FirstOrDefault()
                    is not { } escalation
                )
                {
                    throw EscalationRules.Unknown(
                        id,
                        session.Query(
                            "SELECT id FROM escalations WHERE workspace = @workspace AND resolved_at IS NULL ORDER BY id",
                            static row => row.At<long>(0)
                        )
                    );
                }

                EscalationRules.RefuseResolved(escalation);
                session.Execute(
                    "UPDATE escalations SET resolved_at = @now, note = @note WHERE workspace = @workspace AND id = @id",
                    ("@now", now),
                    ("@note", text),
                    ("@id", id)
                );
                session.Execute("UPDATE notices SET next_at = NULL WHERE workspace = @workspace AND escalation_id = @id", ("@id", id));
                session.Execute(
                    """
                    DELETE FROM failing_steps WHERE workspace = @workspace
                      AND step = (SELECT step FROM escalations WHERE workspace = @workspace AND id = @id)
                    """,
                    ("@id", id)
                );
                return new ResolvedEscalation(
                    escalation with
                    {
                        ResolvedAt = now,
                        Note = text,
                    },
                    escalation.ScheduleId is { } schedule ? PauseRows.ResumeEscalated(session, schedule, id, now) : null
                );
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Escalation>> OwedAsync(CancellationToken cancellationToken = default) =>
        ReadAsync(
            "SELECT * FROM escalations WHERE workspace = @workspace AND (memory_pending OR recovery_pending) ORDER BY id",
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task ClearOwedAsync(long id, bool recovery, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE escalations SET {(recovery ? "recovery_pending" : "memory_pending")} = false
                    WHERE workspace = @workspace AND id = @id
                    """,
                    ("@id", id)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<Escalation?> FindOpenAsync(string step, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session
                    .Query(
                        "SELECT * FROM escalations WHERE workspace = @workspace AND step = @step AND resolved_at IS NULL",
                        EscalationFields.Map,
                        ("@step", step)
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    private Task<IReadOnlyList<Escalation>> ReadAsync(
        string sql,
        (string Name, object? Value)[] parameters,
        CancellationToken cancellationToken
    ) => database.ReadAsync<IReadOnlyList<Escalation>>(session => session.Query(sql, EscalationFields.Map, parameters), cancellationToken);
}
