using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// Which queued runs with a process may start, asked so that a queue of thousands costs little while every place is taken: it is asked
/// each time that a run ends or a moment is due.
/// </summary>
internal static class QueueRows
{
    private const string Waits = "state = 'queued' AND kind = 'agent'";

    /// <summary>The order in which queued runs start; the index <c>runs_queue</c> has the same.</summary>
    public const string StartOrder = "CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END, created_at, id";

    /// <summary>The table by the index of the same order: SQLite by itself would look for the state and sort all that wait.</summary>
    public const string Queue = "runs INDEXED BY runs_queue";

    /// <summary>
    /// A page of the runs for which there may be a place now, in the order in which they start, and when the next one that waits for a
    /// moment may. Whether one may really start is decided when it is taken: that may be by another process.
    /// </summary>
    /// <param name="connection">The database.</param>
    /// <param name="most">How many runs with a process run at once.</param>
    /// <param name="now">The moment.</param>
    /// <param name="after">The last run of the page before; <see langword="null"/> for the first page.</param>
    public static RunQueue Read(SqliteConnection connection, int most, DateTimeOffset now, string? after) =>
        new(
            connection.Query(
                $"""
                SELECT * FROM {Queue}
                WHERE {Waits} AND cancel_reason IS NULL AND (not_before IS NULL OR not_before <= @now)
                  {(IsPlaceFree(connection, most) ? "" : "AND parent_run_id IS NOT NULL")}
                  {(after is null ? "" : $"AND ({StartOrder}) > (SELECT {StartOrder} FROM runs WHERE id = @after)")}
                  AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.state = 'running' AND other.schedule_id = runs.schedule_id)
                ORDER BY {StartOrder} LIMIT {RunQueue.PageSize}
                """,
                RunRows.Map,
                after is null ? [("@now", now)] : [("@now", now), ("@after", after)]
            ),
            connection.Query(
                $"SELECT MIN(not_before) AS next FROM runs WHERE {Waits} AND not_before > @now",
                static reader => reader.Moment("next"),
                ("@now", now)
            )[0]
        );

    /// <summary>
    /// Whether a run that nobody's run asked for has a place. One below a running run may have one all the same: those above it do not
    /// count.
    /// </summary>
    public static bool IsPlaceFree(SqliteConnection connection, int? most) =>
        most is null || connection.Scalar("SELECT COUNT(*) FROM runs WHERE state = 'running' AND kind = 'agent'") < most;

    /// <summary>The queued runs whose end was asked for, by somebody who died before it could be recorded.</summary>
    public static IReadOnlyList<Run> Cancelled(SqliteConnection connection) =>
        connection.Query("SELECT * FROM runs WHERE state = 'queued' AND cancel_reason IS NOT NULL", RunRows.Map);
}
