using LoopOrchestrator.Core.Storage.Sqlite.Database;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// The state database as one file, and such a file in its place: row by row, so that whoever has it open goes on with it.
/// </summary>
internal sealed class SqliteStateTransfer(StateDatabase database) : IStateTransfer
{
    /// <inheritdoc/>
    public Task CopyAsync(string file, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => connection.Execute("VACUUM INTO @file", ("@file", file)), cancellationToken);

    /// <inheritdoc/>
    public TransferredState Prepare(string file) => StateFile.Prepare(file);

    /// <inheritdoc/>
    public Task<TransferredState> CountAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(StateFile.Count, cancellationToken);

    /// <inheritdoc/>
    public Task ReplaceAsync(string file, DateTimeOffset takenAt, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                StateFile.RefuseGoing(StateFile.Count(connection));
                connection.Execute("PRAGMA defer_foreign_keys = ON");
                var tables = StateFile.Tables;
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
}
