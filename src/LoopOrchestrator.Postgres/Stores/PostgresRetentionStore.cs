using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>Removes rows that are older than they are kept.</summary>
internal sealed class PostgresRetentionStore(PostgresDatabase database) : IRetentionStore
{
    // Small, because every other writer of the workspace waits meanwhile.
    private const int RowsPerTransaction = 500;

    private const string Needed = $"""
        {EscalationRows.OpenRuns}
        UNION ALL SELECT one.value FROM failing_steps, jsonb_array_elements_text(failing_steps.runs::jsonb) AS one (value)
        WHERE failing_steps.workspace = @workspace
        """;

    private const string IsOver = """
        runs.workspace = @workspace AND runs.ended_at < @before AND runs.state NOT IN ('queued', 'running', 'needs_input')
        AND NOT runs.stop_row_pending AND NOT runs.memory_pending
        """;

    /// <inheritdoc/>
    public Task<DateTimeOffset?> OldestOfAsync(int count, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session
                    .Query(
                        "SELECT created_at FROM runs WHERE workspace = @workspace ORDER BY created_at DESC LIMIT 1 OFFSET @count",
                        static row => row.Moment("created_at"),
                        ("@count", count)
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> RemovableFoldersAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            static session =>
                session
                    .Query(
                        $"""
                        SELECT id, ended_at FROM runs
                        WHERE workspace = @workspace AND ended_at IS NOT NULL AND state NOT IN ('queued', 'running', 'needs_input')
                          AND NOT stop_row_pending AND NOT memory_pending AND id NOT IN ({EscalationRows.OpenRuns})
                        """,
                        static row => (Id: row.Text("id")!, EndedAt: row.Moment("ended_at")!.Value)
                    )
                    .ToDictionary(static run => run.Id, static run => run.EndedAt, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<int> RemoveOccurrencesAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => RemoveOccurrences(session, before), cancellationToken);

    /// <inheritdoc/>
    public Task<int> RemoveRunsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => RemoveCycles(session, before) + RemoveRuns(session, before), cancellationToken);

    /// <inheritdoc/>
    public Task<int> RemoveRequestsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    DELETE FROM requests WHERE workspace = @workspace AND (tool, id_hash) IN (
                      SELECT tool, id_hash FROM requests AS old
                      WHERE old.workspace = @workspace AND old.created_at < @before
                        AND (old.run_id IS NULL
                          OR NOT EXISTS (SELECT 1 FROM runs WHERE runs.workspace = @workspace AND runs.id = old.run_id))
                      LIMIT @limit)
                    """,
                    ("@before", before),
                    ("@limit", RowsPerTransaction)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<int> RemoveIncidentsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
            {
                var old = session.Query(
                    """
                    SELECT id FROM incidents
                    WHERE workspace = @workspace AND ended_at < @before AND NOT EXISTS (SELECT 1 FROM deliveries
                      WHERE deliveries.workspace = @workspace AND deliveries.incident_id = incidents.id AND next_at IS NOT NULL)
                    LIMIT @limit
                    """,
                    static row => row.At<long>(0),
                    ("@before", before),
                    ("@limit", RowsPerTransaction)
                );
                session.Execute(
                    "DELETE FROM deliveries WHERE workspace = @workspace AND incident_id = ANY (@ids)",
                    ("@ids", old.ToArray())
                );
                return session.Execute(
                    "DELETE FROM incidents WHERE workspace = @workspace AND id = ANY (@ids)",
                    ("@ids", old.ToArray())
                );
            },
            cancellationToken
        );

    private static int RemoveOccurrences(PostgresSession session, DateTimeOffset before)
    {
        var old = session.Query(
            """
            SELECT schedule_id, due_at, last_due_at FROM occurrences AS one
            WHERE workspace = @workspace AND state NOT IN ('waiting', 'checking') AND last_due_at < @before AND decided_at < @before
              AND due_at < (SELECT MAX(due_at) FROM occurrences WHERE workspace = @workspace AND schedule_id = one.schedule_id)
            LIMIT @limit
            """,
            static row => (Id: row.Text("schedule_id")!, Due: row.Moment("due_at")!.Value, Last: row.Moment("last_due_at")!.Value),
            ("@before", before),
            ("@limit", RowsPerTransaction)
        );
        foreach (var schedule in old.GroupBy(static row => row.Id, StringComparer.Ordinal))
        {
            session.Execute(
                """
                INSERT INTO schedules AS known (workspace, id, removed_until) VALUES (@workspace, @id, @last)
                ON CONFLICT (workspace, id) DO UPDATE SET removed_until = GREATEST(known.removed_until, excluded.removed_until)
                """,
                ("@id", schedule.Key),
                ("@last", schedule.Max(static row => row.Last))
            );
        }

        session.Execute(
            """
            DELETE FROM occurrences USING unnest(@ids, @dues) AS old (id, due)
            WHERE workspace = @workspace AND schedule_id = old.id AND due_at = old.due
            """,
            ("@ids", old.ConvertAll(static row => row.Id).ToArray()),
            ("@dues", old.ConvertAll(static row => row.Due).ToArray())
        );
        return old.Count;
    }

    // A cycle's own rows name the runs of its steps, so they go first, when all of those are over; the runs follow.
    private static int RemoveCycles(PostgresSession session, DateTimeOffset before)
    {
        var cycles = session.Query(
            $"""
            SELECT cycles.run_id FROM cycles JOIN runs ON runs.workspace = @workspace AND runs.id = cycles.run_id
            WHERE cycles.workspace = @workspace AND {IsOver} AND cycles.run_id NOT IN ({Needed})
              AND NOT EXISTS (
                SELECT 1 FROM cycle_items JOIN runs AS step ON step.workspace = @workspace AND step.id = cycle_items.run_id
                WHERE cycle_items.workspace = @workspace AND cycle_items.cycle_id = cycles.run_id
                  AND (step.ended_at IS NULL OR step.ended_at >= @before OR step.stop_row_pending OR step.memory_pending))
            LIMIT @limit
            """,
            static row => row.At<string>(0),
            ("@before", before),
            ("@limit", RowsPerTransaction)
        );
        session.Execute("DELETE FROM cycle_items WHERE workspace = @workspace AND cycle_id = ANY (@ids)", ("@ids", cycles.ToArray()));
        return session.Execute("DELETE FROM cycles WHERE workspace = @workspace AND run_id = ANY (@ids)", ("@ids", cycles.ToArray()));
    }

    // From the leaves up: what asked for a run is kept as long as that run is.
    private static int RemoveRuns(PostgresSession session, DateTimeOffset before)
    {
        var runs = session.Query(
            $"""
            SELECT id FROM runs
            WHERE {IsOver} AND id NOT IN ({Needed})
              AND NOT EXISTS (SELECT 1 FROM runs AS below WHERE below.workspace = @workspace AND below.parent_run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM occurrences AS o WHERE o.workspace = @workspace AND o.run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM cycle_items AS i WHERE i.workspace = @workspace AND i.run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM cycles AS c WHERE c.workspace = @workspace AND c.run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM escalations AS e WHERE e.workspace = @workspace AND e.recovered_run_id = runs.id)
            LIMIT @limit
            """,
            static row => row.Text("id")!,
            ("@before", before),
            ("@limit", RowsPerTransaction)
        );
        var ids = runs.ToArray();
        session.Execute("DELETE FROM attempts WHERE workspace = @workspace AND run_id = ANY (@ids)", ("@ids", ids));
        session.Execute("DELETE FROM decisions WHERE workspace = @workspace AND run_id = ANY (@ids)", ("@ids", ids));
        return session.Execute("DELETE FROM runs WHERE workspace = @workspace AND id = ANY (@ids)", ("@ids", ids));
    }
}
