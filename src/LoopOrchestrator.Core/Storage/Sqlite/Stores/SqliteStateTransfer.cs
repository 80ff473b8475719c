using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// The state database as one file, and such a file in its place: row by row, so that whoever has it open goes on with it.
/// </summary>
internal sealed class SqliteStateTransfer(StateDatabase database) : IStateTransfer
{
    private const string Counts = """
        SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM runs WHERE state = 'running') AS going,
          (SELECT count(*) FROM occurrences) AS occurrences
        """;

    // They are about processes of the machine that they were written on.
    private static readonly HashSet<string> Local = new(StringComparer.Ordinal) { "servers", "sessions" };

    /// <inheritdoc/>
    public Task CopyAsync(string file, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => connection.Execute("VACUUM INTO @file", ("@file", file)), cancellationToken);

    /// <inheritdoc/>
    public TransferredState Prepare(string file)
    {
        try
        {
            if (DatabaseOwner.FindForeignState(file) is { } foreign)
            {
                throw new UserErrorException($"The exported state is not this program's: {foreign}. Nothing was changed.");
            }

            using var connection = Open(file);
            if (StateFault.FindDamage(connection, "quick_check") is { } damage)
            {
                throw Damaged(damage);
            }

            if (connection.Scalar("PRAGMA user_version") == 0)
            {
                throw Damaged("there is nothing in it");
            }

            SchemaMigrations.Apply(connection);
            return Count(connection);
        }
        catch (SqliteException exception)
        {
            throw Damaged(exception.Message);
        }
    }

    /// <inheritdoc/>
    public Task<TransferredState> CountAsync(CancellationToken cancellationToken = default) => database.ReadAsync(Count, cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceAsync(string file, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (Count(connection).Going is > 0 and var going)
                {
                    throw new UserErrorException(
                        $"{going} run(s) of this workspace are going on, and would have no record any more. Nothing was changed. Wait for "
                            + "their end, or cancel them with 'loop-orchestrator runs cancel ID'."
                    );
                }

                using var source = Open(file);
                connection.Execute("PRAGMA defer_foreign_keys = ON");

                // Tables that lead to others were made behind them.
                var tables = source
                    .Query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", static reader => reader.GetString(0))
                    .Where(static table => !Local.Contains(table) && !table.StartsWith("sqlite_", StringComparison.Ordinal))
                    .ToList();
                foreach (var table in Enumerable.Reverse(tables))
                {
                    connection.Execute($"DELETE FROM {table}");
                }

                foreach (var table in tables)
                {
                    Copy(source, connection, table);
                }

                return 0;
            },
            cancellationToken
        );

    private static void Copy(SqliteConnection from, SqliteConnection to, string table)
    {
        // Without those that are computed from others.
        var columns = from.Query(
            "SELECT name FROM pragma_table_xinfo(@table) WHERE hidden = 0",
            static reader => reader.GetString(0),
            ("@table", table)
        );
        var names = string.Join(", ", columns);
        using var read = from.Command($"SELECT {names} FROM {table}");
        using var write = to.Command(
            $"INSERT INTO {table} ({names}) VALUES ({string.Join(", ", columns.Select(static (_, index) => $"@p{index}"))})"
        );
        foreach (var index in Enumerable.Range(0, columns.Count))
        {
            write.Parameters.Add(new SqliteParameter($"@p{index}", DBNull.Value));
        }

        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            for (var index = 0; index < columns.Count; index++)
            {
                write.Parameters[index].Value = reader.GetValue(index);
            }

            write.ExecuteNonQuery();
        }
    }

    private static TransferredState Count(SqliteConnection connection) =>
        connection.Query(Counts, static reader => new TransferredState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)))[0];

    private static SqliteConnection Open(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static UserErrorException Damaged(string why) =>
        new($"The exported state cannot be used ({why}). Nothing was changed; take another export.");
}
