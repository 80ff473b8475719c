using LoopOrchestrator.Core.Workspaces;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.State;

/// <summary>
/// The SQLite database of one workspace, shared by all of its processes (write-ahead log, every commit synced). Opened and brought
/// to the newest schema by the first use; reading one that does not exist yet creates nothing. Safe for use by many threads: reads go side by side, writes take turns.
/// </summary>
public sealed class StateDatabase : IDisposable
{
    // How long SQLite itself waits for another process's transaction. Ours last milliseconds.
    private const int BusyMilliseconds = 15_000;

    private readonly WorkspacePaths _paths;
    private readonly SemaphoreSlim _writeTurn = new(1, 1);
    private readonly SemaphoreSlim _openTurn = new(1, 1);
    private readonly string _connectionString;
    private volatile bool _ready;

    /// <summary>Prepares access; nothing is opened or created yet.</summary>
    public StateDatabase(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _connectionString = new SqliteConnectionStringBuilder { DataSource = paths.Database, Pooling = true }.ToString();
    }

    /// <summary>Runs a read on a connection of its own.</summary>
    /// <exception cref="UserErrorException">The database cannot be opened or read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            if (!_ready && !File.Exists(_paths.Database))
            {
                // Whoever only looks leaves no trace: a workspace without state reads as one in which nothing happened.
                using var nothing = new SqliteConnection("Data Source=:memory:");
                nothing.Open();
                SchemaMigrations.Apply(nothing);
                return read(nothing);
            }

            await EnsureReadyAsync(cancellationToken);
            using var connection = Open();
            return read(connection);
        }
        catch (SqliteException exception)
        {
            throw Failed(exception);
        }
    }

    /// <summary>
    /// Runs one transaction that writes. When the returned task ends, it is committed and on disk; when <paramref name="write"/>
    /// throws, nothing of it has happened.
    /// </summary>
    /// <exception cref="UserErrorException">The database cannot be opened or written.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        await EnsureReadyAsync(cancellationToken);
        await _writeTurn.WaitAsync(cancellationToken);
        try
        {
            using var connection = Open();
            using var transaction = connection.BeginTransaction(deferred: false);
            var result = write(connection, transaction);
            transaction.Commit();
            return result;
        }
        catch (SqliteException exception)
        {
            throw Failed(exception);
        }
        finally
        {
            _writeTurn.Release();
        }
    }

    /// <summary>Closes the pooled connections of this database.</summary>
    public void Dispose()
    {
        using (var connection = new SqliteConnection(_connectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _writeTurn.Dispose();
        _openTurn.Dispose();
    }

    private async Task EnsureReadyAsync(CancellationToken cancellationToken)
    {
        if (_ready)
        {
            return;
        }

        await _openTurn.WaitAsync(cancellationToken);
        try
        {
            if (_ready)
            {
                return;
            }

            StateFolder.Ensure(_paths);

            // Several processes may start at the same moment on a new workspace; switching to the write-ahead log needs the database alone.
            using var fileLock = await FileLock.AcquireAsync(Path.Combine(_paths.Locks, "state.db.lock"), cancellationToken: cancellationToken);
            using var connection = Open();
            Execute(connection, "PRAGMA journal_mode = WAL");
            SchemaMigrations.Apply(connection);
            DirectorySync.Flush(_paths.State);
            _ready = true;
        }
        catch (SqliteException exception)
        {
            throw Failed(exception);
        }
        finally
        {
            _openTurn.Release();
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {BusyMilliseconds}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private UserErrorException Failed(SqliteException exception) => new(
        $"The state database {_paths.Database} could not be used: {exception.Message} (SQLite code {exception.SqliteErrorCode}). "
        + "Check that the disk has space and that this user may write the folder; the files of the workspace are not affected.", exception);
}
