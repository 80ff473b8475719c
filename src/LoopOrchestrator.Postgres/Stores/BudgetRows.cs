using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>What runs have cost since the day began (UTC), or since somebody resumed what had been paused for its cost.</summary>
internal static class BudgetRows
{
    /// <summary>The schedule that a run is due to.</summary>
    public static string? ScheduleOf(PostgresSession session, string runId) =>
        session.Query(
            $"SELECT {SubRunRows.ScheduleOf} AS schedule_id FROM runs WHERE workspace = @workspace AND id = @id",
            static row => row.Text("schedule_id"),
            ("@id", runId)
        )[0];

    /// <summary>What all attempts have cost that ended since a moment. A cycle costs what its steps cost.</summary>
    public static (double CostUsd, long Tokens) SpentSince(PostgresSession session, DateTimeOffset since) =>
        session.Query(
            """
            SELECT COALESCE(SUM(attempts.cost_usd), 0), COALESCE(SUM(attempts.tokens), 0)::bigint
            FROM attempts JOIN runs ON runs.workspace = @workspace AND runs.id = attempts.run_id
            WHERE attempts.workspace = @workspace AND attempts.ended_at >= @since AND runs.kind <> 'cycle'
            """,
            static row => (row.At<double>(0), row.At<long>(1)),
            ("@since", since)
        )[0];

    /// <summary>
    /// What attempts that are due to a schedule have cost: what steps of a cycle asked for, too, for the schedule that all of it is due to.
    /// </summary>
    public static (double CostUsd, long Tokens) Spent(PostgresSession session, string scheduleId, DateTimeOffset now) =>
        session.Query(
            $"""
            SELECT COALESCE(SUM(attempts.cost_usd), 0), COALESCE(SUM(attempts.tokens), 0)::bigint
            FROM attempts JOIN runs ON runs.workspace = @workspace AND runs.id = attempts.run_id
            WHERE attempts.workspace = @workspace AND attempts.ended_at >= @day
              AND attempts.ended_at > COALESCE((SELECT resumed_at FROM schedules WHERE workspace = @workspace AND id = @id), '-infinity')
              AND attempts.ended_at < @tomorrow AND runs.kind <> 'cycle'
              AND (@id = '*' OR @id = {SubRunRows.ScheduleOf})
            """,
            static row => (row.At<double>(0), row.At<long>(1)),
            ("@day", new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero)),
            // A clock that was ahead for a while must not charge every day until then.
            ("@tomorrow", new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero)),
            ("@id", scheduleId)
        )[0];
}
