using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// What runs have cost since the day began (UTC), or since somebody resumed what had been paused for its cost.
/// </summary>
internal static class BudgetRows
{
    /// <summary>The schedule that a run is due to.</summary>
    public static string? ScheduleOf(SqliteConnection connection, string runId) =>
        connection.Query(
            $"SELECT {SubRunRows.ScheduleOf} AS schedule_id FROM runs WHERE id = @id",
            static reader => reader.Text("schedule_id"),
            ("@id", runId)
        )[0];

    /// <summary>What all attempts have cost that ended since a moment. A cycle costs what its steps cost.</summary>
    public static (double CostUsd, long Tokens) SpentSince(SqliteConnection connection, DateTimeOffset since) =>
        connection.Query(
            """
            SELECT COALESCE(SUM(attempts.cost_usd), 0.0) AS cost, COALESCE(SUM(attempts.tokens), 0) AS tokens
            FROM attempts JOIN runs ON runs.id = attempts.run_id WHERE attempts.ended_at >= @since AND runs.kind <> 'cycle'
            """,
            static reader => (reader.GetDouble(0), reader.GetInt64(1)),
            ("@since", since)
        )[0];

    /// <summary>
    /// What attempts that are due to a schedule have cost: what steps of a cycle asked for, too, for the schedule that all of it is due to.
    /// </summary>
    public static (double CostUsd, long Tokens) Spent(SqliteConnection connection, string scheduleId, DateTimeOffset now) =>
        connection.Query(
            $"""
            SELECT COALESCE(SUM(attempts.cost_usd), 0.0) AS cost, COALESCE(SUM(attempts.tokens), 0) AS tokens
            FROM attempts JOIN runs ON runs.id = attempts.run_id
            WHERE attempts.ended_at > MAX(@day - 1, COALESCE((SELECT resumed_at FROM schedules WHERE id = @id), 0))
              AND attempts.ended_at < @tomorrow AND runs.kind <> 'cycle'
              AND (@id = '*' OR @id = {SubRunRows.ScheduleOf})
            """,
            static reader => (reader.GetDouble(0), reader.GetInt64(1)),
            ("@day", new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero)),
            // A clock that was ahead for a while must not charge every day until then.
            ("@tomorrow", new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero)),
            ("@id", scheduleId)
        )[0];
}
