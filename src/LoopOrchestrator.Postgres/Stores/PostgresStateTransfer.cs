using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Postgres.Database;
using Npgsql;
using NpgsqlTypes;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>
/// All that is recorded of a workspace as one file, which is the file of the embedded backend: what is exported from one is imported into
/// the other.
/// </summary>
internal sealed class PostgresStateTransfer(PostgresDatabase database) : IStateTransfer
{
    /// <inheritdoc/>
    public Task CopyAsync(string file, CancellationToken cancellationToken = default) =>
        database.ReadSnapshotAsync(
            session =>
            {
                using var copy = StateFile.Create(file);
                foreach (var table in StateFile.Tables)
                {
                    var add = copy.Add(table);
                    var values = new object[table.Written.Count];
                    session.Read(
                        $"SELECT {string.Join(", ", table.Written)} FROM {table.Quoted} WHERE workspace = @workspace",
                        reader =>
                        {
                            for (var index = 0; index < values.Length; index++)
                            {
                                values[index] = OfSqlite(reader.GetValue(index));
                            }

                            add(values);
                        }
                    );
                }

                copy.Commit();
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public TransferredState Prepare(string file) => StateFile.Prepare(file);

    /// <inheritdoc/>
    public Task<TransferredState> CountAsync(CancellationToken cancellationToken = default) => database.ReadAsync(Count, cancellationToken);

    /// <inheritdoc/>
    public async Task ReplaceAsync(string file, DateTimeOffset takenAt, CancellationToken cancellationToken = default)
    {
        // Before the transaction: the server ends one in which nothing comes for seconds, and all of a large file is looked at here.
        using var moved = StateFile.OpenMoved(file, takenAt, database.Redactor);
        await database.WriteAsync(
            session =>
            {
                StateFile.RefuseGoing(Count(session));
                Replace(session, moved);
                return true;
            },
            cancellationToken
        );
    }

    private static void Replace(PostgresSession session, StateFile moved)
    {
        var types = TypesOf(session);
        session.Execute("SET CONSTRAINTS ALL DEFERRED");
        foreach (var table in StateFile.Tables.Reverse())
        {
            session.Execute($"DELETE FROM {table.Quoted} WHERE workspace = @workspace");
        }

        foreach (var table in StateFile.Tables)
        {
            var columns = table
                .Columns.Where(static column => !column.IsComputed)
                .Select(column => types[(table.Name, column.Name)])
                .ToList();
            try
            {
                session.Import(
                    $"COPY {table.Quoted} (workspace, {string.Join(", ", table.Written)}) FROM STDIN (FORMAT BINARY)",
                    importer => moved.Read(table, values => Write(importer, session.Workspace, values, columns))
                );
            }
            catch (PostgresException exception) when (IsOfARow(exception))
            {
                throw TransferredFile.Damaged(exception.MessageText);
            }
        }

        // Now, and not at the commit: what leads to nothing is the file's fault.
        try
        {
            session.Execute("SET CONSTRAINTS ALL IMMEDIATE");
        }
        catch (PostgresException exception) when (IsOfARow(exception))
        {
            throw TransferredFile.Damaged(exception.MessageText);
        }
    }

    private static void Write(NpgsqlBinaryImporter importer, string workspace, object[] values, List<NpgsqlDbType> types)
    {
        importer.StartRow();
        importer.Write(workspace, NpgsqlDbType.Text);
        for (var index = 0; index < values.Length; index++)
        {
            switch (values[index])
            {
                case DBNull:
                    importer.WriteNull();
                    break;
                case long number when types[index] == NpgsqlDbType.Boolean:
                    importer.Write(number != 0, NpgsqlDbType.Boolean);
                    break;
                case long number when types[index] == NpgsqlDbType.TimestampTz:
                    importer.Write(MomentOf(number), NpgsqlDbType.TimestampTz);
                    break;
                case long number when types[index] == NpgsqlDbType.Double:
                    importer.Write((double)number, NpgsqlDbType.Double);
                    break;
                case long number:
                    importer.Write(number, NpgsqlDbType.Bigint);
                    break;
                case double number:
                    importer.Write(number, NpgsqlDbType.Double);
                    break;
                case string text:
                    importer.Write((string)PostgresSession.Fit(text), NpgsqlDbType.Text);
                    break;
                default:
                    throw TransferredFile.Damaged("a value in it is none that this program writes");
            }
        }
    }

    private static DateTimeOffset MomentOf(long milliseconds)
    {
        try
        {
            return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw TransferredFile.Damaged("a moment in it is beyond all calendars");
        }
    }

    private static object OfSqlite(object value) =>
        value switch
        {
            DateTime moment => new DateTimeOffset(moment, TimeSpan.Zero).ToUnixTimeMilliseconds(),
            bool flag => flag ? 1L : 0L,
            _ => value,
        };

    // What the tables hold is what their columns are, and not what the file says.
    private static Dictionary<(string Table, string Column), NpgsqlDbType> TypesOf(PostgresSession session) =>
        session
            .Query(
                $"""
                SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
                WHERE table_schema = '{PostgresMigrations.Schema}'
                """,
                static row => (Key: (row.At<string>(0), row.At<string>(1)), Type: TypeOf(row.At<string>(2)))
            )
            .ToDictionary(static column => column.Key, static column => column.Type);

    private static NpgsqlDbType TypeOf(string name) =>
        name switch
        {
            "boolean" => NpgsqlDbType.Boolean,
            "timestamp with time zone" => NpgsqlDbType.TimestampTz,
            "double precision" => NpgsqlDbType.Double,
            "bigint" => NpgsqlDbType.Bigint,
            _ => NpgsqlDbType.Text,
        };

    // Class 22 is of values, 23 of constraints.
    private static bool IsOfARow(PostgresException exception) =>
        exception.SqlState.StartsWith("22", StringComparison.Ordinal) || exception.SqlState.StartsWith("23", StringComparison.Ordinal);

    private static TransferredState Count(PostgresSession session) =>
        session.Query(
            """
            SELECT (SELECT COUNT(*) FROM runs WHERE workspace = @workspace),
              (SELECT COUNT(*) FROM runs WHERE workspace = @workspace AND state = 'running'),
              (SELECT COUNT(*) FROM occurrences WHERE workspace = @workspace)
            """,
            static row => new TransferredState(row.At<long>(0), row.At<long>(1), row.At<long>(2))
        )[0];
}
