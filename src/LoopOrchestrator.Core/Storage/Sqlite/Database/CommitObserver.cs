using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// Tells whether anything was committed, by a connection that writes nothing itself: SQLite counts the commits of all other connections
/// for it, those of this process included (https://sqlite.org/pragma.html#pragma_data_version). It costs a look at shared memory. Safe for
/// many threads.
/// </summary>
/// <param name="open">Opens a connection and sets it up.</param>
internal sealed class CommitObserver(Func<PreparedConnection> open)
{
    private readonly Lock _gate = new();
    private PreparedConnection? _connection;

    /// <summary>A number that is another one after each commit since the one before it.</summary>
    /// <exception cref="SqliteException">The database cannot be opened or read.</exception>
    public long Version()
    {
        lock (_gate)
        {
            _connection ??= open();
            return _connection.Scalar("PRAGMA data_version");
        }
    }

    /// <summary>Closes its connection; the next question opens another, whose numbers have nothing to do with those before.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }
}
