using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Retention;

/// <summary>
/// Removes from the database what ended long ago, or is one of too many: occurrences of the ledger, runs with their attempts and decisions, cycles. Kept are
/// runs that go on, that owe something or that an escalation or a row of failures is about, the runs above and below those, and the
/// newest occurrence of each schedule. A removed occurrence never makes its moment due again: its schedule remembers how far they went.
/// </summary>
/// <param name="database">The state database.</param>
/// <param name="limits">How long rows are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class RowRetention(StateDatabase database, RunLimits limits, TimeProvider time)
{
    // Small, because every other writer waits meanwhile.
    private const int RowsPerTransaction = 500;

    private const string Needed =
        """
        SELECT one.value FROM escalations, json_each(escalations.runs) AS one WHERE escalations.resolved_at IS NULL
        UNION ALL SELECT one.value FROM failing_steps, json_each(failing_steps.runs) AS one
        """;

    private const string IsOver = "ended_at < @before AND state NOT IN ('queued', 'running', 'needs_input') AND stop_row_pending = 0 AND memory_pending = 0";

    /// <summary>How long rows are kept: never shorter than the folders of runs, which could not be told from foreign ones without them.</summary>
    public TimeSpan Age => TimeSpan.FromDays(Math.Max(limits.KeepRowsDays, limits.KeepRunsDays));

    /// <summary>Removes what is to be removed now.</summary>
    /// <returns>How many runs are gone.</returns>
    /// <exception cref="UserErrorException">The database cannot be written.</exception>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        var before = await OldestAsync(Age, cancellationToken);
        while (await RepeatedAsync(connection => RemoveOccurrences(connection, before), cancellationToken) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var removed = 0;
        while (await RepeatedAsync(connection => RemoveCycles(connection, before) + RemoveRuns(connection, before), cancellationToken) is > 0 and var rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            removed += rows;
        }

        return removed;
    }

    /// <summary>What ended before this moment is kept no longer: for its age, or because as many newer runs are there as are kept.</summary>
    internal Task<DateTimeOffset> OldestAsync(TimeSpan age, CancellationToken cancellationToken) =>
        database.ReadAsync(
            connection =>
            {
                var byAge = time.GetUtcNow() - age;
                var byCount = connection.Query(
                    "SELECT created_at FROM runs ORDER BY created_at DESC LIMIT 1 OFFSET @count",
                    static reader => reader.Moment("created_at")!.Value,
                    ("@count", limits.KeepRunsCount));
                return byCount is [var oldest] && oldest > byAge ? oldest : byAge;
            },
            cancellationToken);

    private Task<int> RepeatedAsync(Func<SqliteConnection, int> remove, CancellationToken cancellationToken) =>
        database.WriteAsync((connection, _) => remove(connection), cancellationToken);

    private static int RemoveOccurrences(SqliteConnection connection, DateTimeOffset before)
    {
        var old = connection.Query(
            """
            SELECT schedule_id, due_at, last_due_at FROM occurrences AS one
            WHERE outcome IS NOT NULL AND last_due_at < @before AND decided_at < @before
              AND due_at < (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = one.schedule_id)
            LIMIT @limit
            """,
            static reader => (Id: reader.Text("schedule_id")!, Due: reader.Moment("due_at")!.Value, Last: reader.Moment("last_due_at")!.Value),
            ("@before", before),
            ("@limit", RowsPerTransaction));
        foreach (var schedule in old.GroupBy(static row => row.Id, StringComparer.Ordinal))
        {
            connection.Execute(
                """
                INSERT INTO schedules (id, removed_until) VALUES (@id, @last)
                ON CONFLICT (id) DO UPDATE SET removed_until = MAX(COALESCE(removed_until, @last), @last)
                """,
                ("@id", schedule.Key),
                ("@last", schedule.Max(static row => row.Last)));
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
            ("@limit", RowsPerTransaction));
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
            ("@limit", RowsPerTransaction));
        foreach (var run in runs)
        {
            connection.Execute("DELETE FROM attempts WHERE run_id = @id", ("@id", run));
            connection.Execute("DELETE FROM decisions WHERE run_id = @id", ("@id", run));
            connection.Execute("DELETE FROM runs WHERE id = @id", ("@id", run));
        }

        return runs.Count;
    }
}
