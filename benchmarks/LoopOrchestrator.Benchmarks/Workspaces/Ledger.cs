using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>Reads a workspace's database while its server runs, without going through the server.</summary>
internal static class Ledger
{
    /// <summary>All occurrences, oldest first.</summary>
    public static IReadOnlyList<LedgerOccurrence> Occurrences(string workspace)
    {
        using var connection = Open(workspace);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT o.due_at, o.last_due_at, o.outcome, o.decided_at, o.run_id, r.started_at, r.ended_at
            FROM occurrences o LEFT JOIN runs r ON r.id = o.run_id ORDER BY o.due_at
            """;
        using var reader = command.ExecuteReader();
        var rows = new List<LedgerOccurrence>();
        while (reader.Read())
        {
            rows.Add(
                new LedgerOccurrence(
                    Moment(reader, 0)!.Value,
                    Moment(reader, 1)!.Value,
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    Moment(reader, 3),
                    reader.IsDBNull(4) ? null : reader.GetString(4),
                    Moment(reader, 5),
                    Moment(reader, 6)
                )
            );
        }

        return rows;
    }

    /// <summary>From the moment at which a run was asked for to its end; the run has ended.</summary>
    public static TimeSpan RunTime(string workspace, string runId)
    {
        using var connection = Open(workspace);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT ended_at - created_at FROM runs WHERE id = @id";
        command.Parameters.AddWithValue("@id", runId);
        return TimeSpan.FromMilliseconds((long)command.ExecuteScalar()!);
    }

    /// <summary>How many runs were started from one moment to another.</summary>
    public static int RunsStarted(string workspace, DateTimeOffset from, DateTimeOffset to)
    {
        using var connection = Open(workspace);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM runs WHERE started_at BETWEEN @from AND @to";
        command.Parameters.AddWithValue("@from", from.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("@to", to.ToUnixTimeMilliseconds());
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>How many runs have ended; 0 where there is no database yet.</summary>
    public static int RunsEnded(string workspace)
    {
        if (!File.Exists(FileOf(workspace)))
        {
            return 0;
        }

        using var connection = Open(workspace);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM runs WHERE ended_at IS NOT NULL";
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>Opens the database of a workspace beside its server.</summary>
    public static SqliteConnection Open(string workspace)
    {
        // Without a pool, so that no file stays open in a folder that is about to be removed.
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = FileOf(workspace),
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
            }.ConnectionString
        );
        connection.Open();
        return connection;
    }

    private static string FileOf(string workspace) => Path.Combine(workspace, ".loop", "state.db");

    private static DateTimeOffset? Moment(SqliteDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));
}
