using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>
/// Fills the store of a workspace with the runs of years, their attempts and occurrences. It copies one run of the product's own again and
/// again with other ids and moments, so that every column has what the product writes there.
/// </summary>
internal static class FullStore
{
    private const string Schedules = "s1,s2,s3,s4,s5,s6,s7,s8";

    /// <summary>Fills it; no server is there.</summary>
    /// <param name="workspace">The workspace, with at least one run in its store.</param>
    /// <param name="runs">How many runs there are to be.</param>
    public static void Fill(string workspace, int runs)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(workspace, ".loop", "state.db"),
                Pooling = false,
            }.ConnectionString
        );
        connection.Open();
        var columns = Columns(connection);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var own = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = "printf('run-20240101-000000-%08x', n)",
            ["state"] = "CASE n % 20 WHEN 0 THEN 'failed' WHEN 1 THEN 'cancelled' ELSE 'succeeded' END",
            ["reason"] = "'it ended with exit code 0'",
            ["summary"] = "'run ' || n || ' did what it was asked for'",
            ["created_at"] = "@now - (@runs - n) * 60000",
            ["started_at"] = "@now - (@runs - n) * 60000 + 1000",
            ["attempt_started_at"] = "@now - (@runs - n) * 60000 + 1000",
            ["ended_at"] = "@now - (@runs - n) * 60000 + 30000",
            ["attempt"] = "1",
            ["schedule_id"] = "'s' || (1 + n % 8)",
            ["cost_usd"] = "0.01",
            ["task"] = "'The work of schedule ' || (n % 8)",
        };
        using var transaction = connection.BeginTransaction();
        Execute(
            connection,
            $"""
            WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < @runs)
            INSERT INTO runs ({string.Join(", ", columns)})
            SELECT {string.Join(", ", columns.Select(column => own.GetValueOrDefault(column, "one." + column)))}
            FROM numbers, (SELECT * FROM runs LIMIT 1) AS one
            """,
            now,
            runs
        );
        Execute(
            connection,
            """
            INSERT INTO attempts (run_id, number, started_at, ended_at, outcome, reason, cost_usd, tokens)
            SELECT id, 1, started_at, ended_at, state, reason, 0.01, 1000 FROM runs WHERE id LIKE 'run-20240101-%'
            """,
            now,
            runs
        );
        Execute(
            connection,
            """
            INSERT INTO occurrences (schedule_id, due_at, last_due_at, count, outcome, reason, run_id, decided_at)
            SELECT schedule_id, created_at, created_at, 1, 'started', 'due', id, created_at FROM runs WHERE id LIKE 'run-20240101-%'
            """,
            now,
            runs
        );
        transaction.Commit();
    }

    /// <summary>Writes schedules that are due in years, one for each that the runs belong to; and that all of those are kept.</summary>
    public static void WriteFiles(string workspace)
    {
        File.WriteAllText(
            Path.Combine(workspace, "mcp_startup.json"),
            """
            { "limits": { "keepRowsDays": 3650, "keepRunsCount": 10000000, "runsPerHour": 10000, "queueLength": 10000 },
              "timing": { "rotate": false } }
            """
        );
        File.WriteAllText(
            Path.Combine(workspace, "schedules.json"),
            $$"""
            { "schedules": [ {{string.Join(
                ", ",
                Schedules
                    .Split(',')
                    .Select(static id =>
                        $$"""
                        { "id": "{{id}}", "name": "Schedule {{id}}", "mode": "code", "taskInstructions": "Do it.", "scheduleType": "time",
                          "timeInterval": "6", "timeUnit": "hour", "startDate": "2090-01-01", "active": true }
                        """
                    )
            )}} ] }
            """
        );
    }

    // Generated columns are made by the database itself.
    private static List<string> Columns(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name FROM pragma_table_xinfo('runs') WHERE hidden = 0";
        using var reader = command.ExecuteReader();
        var names = new List<string>();
        while (reader.Read())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private static void Execute(SqliteConnection connection, string sql, long now, int runs)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("@now", now);
        command.Parameters.AddWithValue("@runs", runs);
        command.ExecuteNonQuery();
    }
}
