using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>Which queued runs with a process may start.</summary>
internal static class QueueRows
{
    private const string Waits = "workspace = @workspace AND state = 'queued' AND kind = 'agent'";

    /// <summary>The order in which queued runs start; the index <c>runs_queue</c> has the same.</summary>
    public const string StartOrder = "(CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END), created_at, id";

    /// <summary>
    /// A page of the runs for which there may be a place now, in the order in which they start, and when the next one that waits for a
    /// moment may. Whether one may really start is decided when it is taken: that may be by another node.
    /// </summary>
    /// <param name="session">The workspace.</param>
    /// <param name="most">How many runs with a process run at once.</param>
    /// <param name="now">The moment.</param>
    /// <param name="after">The last run of the page before; <see langword="null"/> for the first page.</param>
    public static RunQueue Read(PostgresSession session, int most, DateTimeOffset now, string? after)
    {
        var hasPlace = IsPlaceFree(session, most);
        var page = session.Query(
            $"""
            SELECT * FROM runs
            WHERE {Waits} AND cancel_reason IS NULL AND (not_before IS NULL OR not_before <= @now)
              {(hasPlace ? "" : "AND parent_run_id IS NOT NULL")}
              {(after is null ? "" : $"AND ({StartOrder}) > (SELECT {StartOrder} FROM runs WHERE workspace = @workspace AND id = @after)")}
              AND NOT EXISTS (SELECT 1 FROM runs AS other
                WHERE other.workspace = @workspace AND other.state = 'running' AND other.schedule_id = runs.schedule_id)
            ORDER BY {StartOrder} LIMIT {RunQueue.PageSize}
            """,
            RunFields.Map,
            ("@now", now),
            ("@after", after)
        );
        var next = session.Query(
            $"SELECT MIN(not_before) AS next FROM runs WHERE {Waits} AND not_before > @now",
            static row => row.Moment("next"),
            ("@now", now)
        )[0];
        return new RunQueue(page, next);
    }

    /// <summary>
    /// Whether a run that nobody's run asked for has a place. One below a running run may have one all the same: those above it do not
    /// count.
    /// </summary>
    public static bool IsPlaceFree(PostgresSession session, int? most) =>
        most is null
        || session.Scalar("SELECT COUNT(*) FROM runs WHERE workspace = @workspace AND state = 'running' AND kind = 'agent'") < most;

    /// <summary>The queued runs whose end was asked for, by somebody who died before it could be recorded.</summary>
    public static IReadOnlyList<Run> Cancelled(PostgresSession session) =>
        session.Query("SELECT * FROM runs WHERE workspace = @workspace AND state = 'queued' AND cancel_reason IS NOT NULL", RunFields.Map);
}
