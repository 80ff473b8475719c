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

            using var connection = DatabaseCopy.OpenFile(file, SqliteOpenMode.ReadWrite);
            TransferredFile.Check(connection);
            return Count(connection);
        }
        catch (SqliteException exception)
        {
            throw TransferredFile.Damaged(exception);
        }
    }

    /// <inheritdoc/>
    public Task<TransferredState> CountAsync(CancellationToken cancellationToken = default) => database.ReadAsync(Count, cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceAsync(string file, DateTimeOffset takenAt, CancellationToken cancellationToken = default) =>
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

                connection.Execute("PRAGMA defer_foreign_keys = ON");
                var tables = SchemaShape.Of(SchemaMigrations.Newest).Tables.Where(static table => !Local.Contains(table.Name)).ToList();
                foreach (var table in Enumerable.Reverse(tables))
                {
                    connection.Execute($"DELETE FROM {table.Quoted}");
                }

                using (var source = new TransferredFile(file))
                {
                    foreach (var table in tables)
                    {
                        source.CopyTo(connection, table);
                    }
                }

                MovedRunRows.Interrupt(connection, takenAt);
                return 0;
            },
            cancellationToken
        );

    private static TransferredState Count(SqliteConnection connection) =>
        connection.Query(Counts, static reader => new TransferredState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)))[0];
}
