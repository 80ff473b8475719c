using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Removes rows of the database that are older than they are kept.</summary>
internal sealed class SqliteRetentionStore(StateDatabase database) : IRetentionStore
{
    // Small, because every other writer waits meanwhile.
    private const int RowsPerTransaction = 500;

    private const string Needed = """
        SELECT one.value FROM escalations, json_each(escalations.runs) AS one WHERE escalations.resolved_at IS NULL
        UNION ALL SELECT one.value FROM failing_steps, json_each(failing_steps.runs) AS one
        """;

    private const string IsOver =
        "ended_at < @before AND state NOT IN ('queued', 'running', 'needs_input') AND stop_row_pending = 0 AND memory_pending = 0";

    /// <inheritdoc/>
    public Task<DateTimeOffset?> OldestOfAsync(int count, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection
                    .Query(
                        "SELECT created_at FROM runs ORDER BY created_at DESC LIMIT 1 OFFSET @count",
                        static reader => reader.Moment("created_at"),
                        ("@count", count)
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> RemovableFoldersAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            static connection =>
                connection
                    .Query(
                        """
                        SELECT id, ended_at FROM runs
                        WHERE ended_at IS NOT NULL AND state NOT IN ('queued', 'running', 'needs_input') AND stop_row_pending = 0
                          AND memory_pending = 0
                          AND NOT EXISTS (
                            SELECT 1 FROM escalations, json_each(escalations.runs) AS one
                            WHERE escalations.resolved_at IS NULL AND one.value = runs.id)
                        """,
                        static reader => (Id: reader.Text("id")!, EndedAt: reader.Moment("ended_at")!.Value)
                    )
                    .ToDictionary(static run => run.Id, static run => run.EndedAt, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<int> RemoveOccurrencesAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => RemoveOccurrences(connection, before), cancellationToken);

    /// <inheritdoc/>
    public Task<int> RemoveRunsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => RemoveCycles(connection, before) + RemoveRuns(connection, before), cancellationToken);

    /// <inheritdoc/>
    public Task<int> RemoveRequestsAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    """
                    DELETE FROM requests WHERE (tool, id_hash) IN (
                        SELECT tool, id_hash FROM requests
                        WHERE created_at < @before AND (run_id IS NULL OR NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = run_id))
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
            (connection, _) =>
            {
                var old = connection.Query(
                    """
                    SELECT id FROM incidents
                    WHERE ended_at < @before
                      AND NOT EXISTS (SELECT 1 FROM deliveries WHERE incident_id = incidents.id AND next_at IS NOT NULL)
                    LIMIT @limit
                    """,
                    static reader => reader.GetInt64(0),
                    ("@before", before),
                    ("@limit", RowsPerTransaction)
                );
                foreach (var id in old)
                {
                    connection.Execute("DELETE FROM deliveries WHERE incident_id = @id", ("@id", id));
                    connection.Execute("DELETE FROM incidents WHERE id = @id", ("@id", id));
                }

                return old.Count;
            },
            cancellationToken
        );

    private static int RemoveOccurrences(SqliteConnection connection, DateTimeOffset before)
    {
        var old = connection.Query(
            """
            SELECT schedule_id, due_at, last_due_at FROM occurrences AS one
            WHERE state NOT IN ('waiting', 'checking') AND last_due_at < @before AND decided_at < @before
              AND due_at < (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = one.schedule_id)
            LIMIT @limit
            """,
            static reader =>
                (Id: reader.Text("schedule_id")!, Due: reader.Moment("due_at")!.Value, Last: reader.Moment("last_due_at")!.Value),
            ("@before", before),
            ("@limit", RowsPerTransaction)
        );
        foreach (var schedule in old.GroupBy(static row => row.Id, StringComparer.Ordinal))
        {
            connection.Execute(
                """
                INSERT INTO schedules (id, removed_until) VALUES (@id, @last)
                ON CONFLICT (id) DO UPDATE SET removed_until = MAX(COALESCE(removed_until, @last), @last)
                """,
                ("@id", schedule.Key),
                ("@last", schedule.Max(static row => row.Last))
            );
        }

        foreach (var (id, due, _) in old)
        {
            connection.Execute("DELETE FROM occurrences WHERE schedule_id = @id AND due_at = @due", ("@id", id), ("@due", due));
        }

        return old.Count;
    }

    // A cycle's own rows name the runs of its steps, so they go first, when all of those are over; the runs follow.
    private static int RemoveCycles(SqliteConnection connection, DateTimeOffset before)
    {
        var cycles = connection.Query(
            $"""
            SELECT run_id FROM cycles JOIN runs ON runs.id = cycles.run_id
            WHERE {IsOver} AND run_id NOT IN ({Needed})
              AND NOT EXISTS (
                SELECT 1 FROM cycle_items JOIN runs AS step ON step.id = cycle_items.run_id
                WHERE cycle_items.cycle_id = cycles.run_id
                  AND (step.ended_at IS NULL OR step.ended_at >= @before OR step.stop_row_pending = 1 OR step.memory_pending = 1))
            LIMIT @limit
            """,
            static reader => reader.Text("run_id")!,
            ("@before", before),
            ("@limit", RowsPerTransaction)
        );
        foreach (var cycle in cycles)
        {
            connection.Execute("DELETE FROM cycle_items WHERE cycle_id = @id", ("@id", cycle));
            connection.Execute("DELETE FROM cycles WHERE run_id = @id", ("@id", cycle));
        }

        return cycles.Count;
    }

    // From the leaves up: what asked for a run is kept as long as that run is.
    private static int RemoveRuns(SqliteConnection connection, DateTimeOffset before)
    {
        var runs = connection.Query(
            $"""
            SELECT id FROM runs
            WHERE {IsOver} AND id NOT IN ({Needed})
              AND NOT EXISTS (SELECT 1 FROM runs AS below WHERE below.parent_run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM occurrences WHERE occurrences.run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM cycle_items WHERE cycle_items.run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM cycles WHERE cycles.run_id = runs.id)
              AND NOT EXISTS (SELECT 1 FROM escalations WHERE escalations.recovered_run_id = runs.id)
            LIMIT @limit
            """,
            static reader => reader.Text("id")!,
            ("@before", before),
            ("@limit", RowsPerTransaction)
        );
        foreach (var run in runs)
        {
            connection.Execute("DELETE FROM attempts WHERE run_id = @id", ("@id", run));
            connection.Execute("DELETE FROM decisions WHERE run_id = @id", ("@id", run));
            connection.Execute("DELETE FROM runs WHERE id = @id", ("@id", run));
        }

        return runs.Count;
    }
}
