using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The SQLite database of one workspace, shared by all of its processes (write-ahead log, every commit synced). Opened and brought
/// to the newest schema by the first use; reading one that does not exist yet creates nothing. A damaged one is set aside and made anew
/// from the files of the workspace. Safe for use by many threads: reads go side by side, writes take turns.
/// </summary>
internal sealed class StateDatabase : IStorageHealth, IDisposable
{
    /// <summary>How long another process's transaction is waited for, unless a test says otherwise. Ours last milliseconds.</summary>
    public static readonly TimeSpan BusyLimit = TimeSpan.FromSeconds(15);

    private readonly WorkspacePaths _paths;
    private readonly IDatabaseRebuild _rebuild;
    private readonly Redactor _redactor;
    private readonly StateRecovery _recovery;
    private readonly SemaphoreSlim _writeTurn = new(1, 1);
    private readonly SemaphoreSlim _openTurn = new(1, 1);

    // Held for reading by whoever has a connection, for writing by whoever closes them all.
    private readonly ReaderWriterLockSlim _connections = new();
    private readonly int _busySeconds;
    private readonly SqliteConnectionStringBuilder _connection;
    private readonly EarlierDatabase _earlier;
    private readonly ConnectionPool _pool;
    private readonly CommitObserver _commits;
    private readonly WitnessDatabase _witness;
    private FileLock? _share;
    private UInt128? _file;
    private UInt128? _root;
    private volatile bool _ready;
    private bool _isDisposed;

    /// <summary>Prepares access; nothing is opened or created yet.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="rebuild">What fills a new database in the place of one that was lost.</param>
    /// <param name="redactor">What takes credentials out of the texts that are kept for people.</param>
    /// <param name="time">The clock; the system's when not given.</param>
    /// <param name="logger">Where it is told that a damaged database was replaced; nowhere when not given.</param>
    /// <param name="busyLimit">How long a foreign transaction is waited for, in whole seconds.</param>
    public StateDatabase(
        WorkspacePaths paths,
        IDatabaseRebuild rebuild,
        Redactor redactor,
        TimeProvider? time,
        ILogger<StateDatabase>? logger,
        TimeSpan busyLimit
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
        _rebuild = rebuild;
        _redactor = redactor;
        _busySeconds = (int)busyLimit.TotalSeconds;
        _recovery = new StateRecovery(paths, rebuild, redactor, time ?? TimeProvider.System, logger ?? NullLogger<StateDatabase>.Instance);
        _earlier = new EarlierDatabase(paths.Database);
        _witness = new WitnessDatabase(paths, rebuild, redactor);
        _connection = new SqliteConnectionStringBuilder
        {
            DataSource = paths.Database,
            Pooling = false,
            DefaultTimeout = _busySeconds,
        };

        // What is not there is made under the opening lock only: another that finds it missing must not leave an empty one.
        _pool = new ConnectionPool(() => Open(SqliteOpenMode.ReadWrite));
        _commits = new CommitObserver(() => Open(SqliteOpenMode.ReadWrite));
    }

    /// <summary>What takes credentials out of the texts that are kept for people.</summary>
    public Redactor Redactor => _redactor;

    /// <summary>Called behind each commit, when it is on disk. For tests, which end the process there.</summary>
    internal Action? AfterCommit { get; set; }

    /// <inheritdoc/>
    public int Openings { get; private set; }

    /// <inheritdoc/>
    public bool IsMissing => !_ready && _file is null && !Path.Exists(_paths.State) && _rebuild.HasWitness();

    /// <inheritdoc/>
    public bool IsGone =>
        _file is not null && !Path.Exists(_paths.Database) && SpecialFile.Identity(_paths.Root) is { } root && root == _root;

    /// <inheritdoc/>
    public async Task CheckAsync(bool whole, CancellationToken cancellationToken = default)
    {
        await EnsureReadyAsync(toWrite: true, cancellationToken);
        if (
            whole
            && await UseAsync(static connection => StateFault.FindDamage(connection, "quick_check"), toWrite: false, cancellationToken)
                is { } damage
        )
        {
            _recovery.Suspect(damage);
            await EnsureReadyAsync(toWrite: true, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<StorageMark?> MarkAsync(CancellationToken cancellationToken = default) =>
        _ready ? await GuardAsync(() => new StorageMark(Openings, _commits.Version()), toWrite: false, cancellationToken) : null;

    /// <summary>Runs a read on a connection of its own.</summary>
    /// <exception cref="UserErrorException">The database cannot be opened or read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!_ready && !Path.Exists(_paths.Database) && !_rebuild.HasTraces())
        {
            // Whoever only looks leaves no trace: a workspace without state reads as one in which nothing happened.
            return _witness.Read(read);
        }

        if (!_ready && await OpenEarlierAsync(cancellationToken) is { } earlier)
        {
            using (earlier)
            {
                try
                {
                    return read(earlier);
                }
                catch (SqliteException exception)
                {
                    throw StateFault.Explain(exception, _paths.Database, _busySeconds);
                }
            }
        }

        return await UseAsync(read, toWrite: false, cancellationToken);
    }

    /// <summary>
    /// Runs one transaction that writes. When the returned task ends, it is committed and on disk; when <paramref name="write"/>
    /// throws, nothing of it has happened.
    /// </summary>
    /// <exception cref="UserErrorException">The database cannot be opened or written.</exception>
    public async Task<T> WriteAsync<T>(Func<SqliteConnection, SqliteTransaction, T> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        var asked = TimeProvider.System.GetTimestamp();
        await _writeTurn.WaitAsync(cancellationToken);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            return await UseAsync(
                connection =>
                {
                    using var transaction = connection.BeginTransaction(deferred: false);
                    var result = write(connection, transaction);
                    transaction.Commit();
                    connection.Committed();
                    AfterCommit?.Invoke();
                    return result;
                },
                toWrite: true,
                cancellationToken
            );
        }
        finally
        {
            _writeTurn.Release();
            LoopMetrics.LockWait.Record(TimeProvider.System.GetElapsedTime(asked, begun).TotalSeconds);
            LoopMetrics.WriteDuration.Record(TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        }
    }

    /// <summary>Closes the connections of this database.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Close();
        _earlier.Dispose();
        _witness.Dispose();
        _writeTurn.Dispose();
        _openTurn.Dispose();
        _connections.Dispose();
    }

    private Task<T> UseAsync<T>(Func<PreparedConnection, T> use, bool toWrite, CancellationToken cancellationToken) =>
        GuardAsync(() => _pool.Use(use), toWrite, cancellationToken);

    // While it is open, and what is wrong with it becomes what a caller is told.
    private async Task<T> GuardAsync<T>(Func<T> use, bool toWrite, CancellationToken cancellationToken)
    {
        while (true)
        {
            await EnsureReadyAsync(toWrite, cancellationToken);
            SqliteException damage;
            _connections.EnterReadLock();
            try
            {
                if (!_ready)
                {
                    // Closed again meanwhile, because somebody found damage.
                    continue;
                }

                // Whoever gave up while it was opened has nobody left to read for.
                cancellationToken.ThrowIfCancellationRequested();
                return use();
            }
            catch (SqliteException exception) when (StateFault.IsDamage(exception))
            {
                damage = exception;
            }
            catch (SqliteException exception)
            {
                throw StateFault.Explain(exception, _paths.Database, _busySeconds);
            }
            finally
            {
                _connections.ExitReadLock();
            }

            Close();
            _recovery.Suspect(damage.Message);
            throw new UserErrorException(
                $"The state database {_paths.Database} is damaged ({damage.Message}); this call changed nothing. The next "
                    + "use of it sets it aside and makes a new one from the files of the workspace: repeat the call, then see "
                    + $"{ToolNames.GetStatus}.",
                damage
            );
        }
    }

    private async Task EnsureReadyAsync(bool toWrite, CancellationToken cancellationToken)
    {
        if (IsReady(toWrite))
        {
            return;
        }

        await _openTurn.WaitAsync(cancellationToken);
        try
        {
            if (IsReady(toWrite))
            {
                return;
            }

            // Of one that was removed, what is open here is all that is left.
            var isGone = IsGone;
            CloseUnlessGone();
            RefuseForeign();
            StateFolder.Ensure(_paths);

            // Several processes may start at the same moment on a new workspace; switching to the write-ahead log needs the database alone.
            using var fileLock = await FileLock.AcquireAsync(
                Path.Combine(_paths.Locks, "state.db.lock"),
                cancellationToken: cancellationToken
            );
            RefuseForeign();
            if (_file is null && DamageNotes.FindRemovalInUse(_paths) is { } removal)
            {
                throw new UserErrorException($"{removal}; nothing was changed. Repeat the call. If it stays so, end that process.");
            }

            if (isGone && IsGone)
            {
                PutBack();
            }

            Close();
            if ((FindSuspicion() ?? TryPrepare()) is { } suspicion)
            {
                Close();
                await _recovery.RecoverAsync(suspicion, cancellationToken);
                if (TryPrepare() is { } damage)
                {
                    throw new UserErrorException(
                        $"The state database {_paths.Database} was just replaced and is damaged again ({damage}). Check "
                            + "the disk before you go on; the files of the workspace are not affected."
                    );
                }
            }

            DirectorySync.Flush(_paths.State);
            _file = SpecialFile.Identity(_paths.Database);
            _root = SpecialFile.Identity(_paths.Root);
            Openings++;
            _ready = true;
        }
        catch (SqliteException exception)
        {
            CloseUnlessGone();
            throw StateFault.Explain(exception, _paths.Database, _busySeconds);
        }
        catch (LinkRefusedException exception)
        {
            CloseUnlessGone();
            throw Refused(exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            CloseUnlessGone();
            throw new UserErrorException(
                $"The state database {_paths.Database} could not be opened: {exception.Message}. Check that the disk has "
                    + "space and that this user may write the folder; the files of the workspace are not affected.",
                exception
            );
        }
        finally
        {
            _openTurn.Release();
        }
    }

    // A file that was moved or removed with its folder can still be written through open connections, and nobody would find it again.
    // Who only looks may go on looking at what is no longer there: that is how status can still tell of it.
    private bool IsReady(bool toWrite) =>
        _ready
        && (SpecialFile.Identity(_paths.Database) is { } found ? found == _file : !toWrite || _file is null)
        && !GuardedFile.Exists(_recovery.Mark);

    // Before anything is written, and before SQLite touches the file: it would turn on the write-ahead log of whatever database it is
    // given.
    private void RefuseForeign()
    {
        DatabaseOwner.RefuseLinks(_paths.Database);
        if (DatabaseOwner.FindForeignState(_paths.Database) is { } reason)
        {
            throw new UserErrorException(
                $"{_paths.Database} is not this program's database: {reason}. It was left as it is, and what needs no "
                    + "database goes on. Move it back to where it belongs, then repeat the call."
            );
        }
    }

    // Whoever only looks does not bring the database of an earlier version up to date.
    private async Task<SqliteConnection?> OpenEarlierAsync(CancellationToken cancellationToken)
    {
        await _openTurn.WaitAsync(cancellationToken);
        try
        {
            if (_ready)
            {
                return null;
            }

            RefuseForeign();
            return GuardedFile.Exists(_recovery.Mark) || FindSuspicion() is not null ? null : _earlier.Open();
        }
        catch (LinkRefusedException exception)
        {
            throw Refused(exception);
        }
        catch (SqliteException exception) when (!StateFault.IsDamage(exception))
        {
            throw StateFault.Explain(exception, _paths.Database, _busySeconds);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            // The usual way finds out what is wrong with it.
            return null;
        }
        finally
        {
            _openTurn.Release();
        }
    }

    private static UserErrorException Refused(LinkRefusedException exception) =>
        new($"The state database is not opened: {exception.Message}. Nothing was changed; what needs no database goes on.", exception);

    // What can be told before SQLite touches the file.
    private string? FindSuspicion()
    {
        if (DurableFile.ReadOrNull(_recovery.Mark) is { } mark)
        {
            return Encoding.UTF8.GetString(mark);
        }

        var file = new FileInfo(_paths.Database);
        return DatabaseFile.FindDamage(_paths.Database)
            ?? (
                !file.Exists && File.Exists(_paths.Database + "-wal") ? "it is missing, and its log is there"
                : (!file.Exists || file.Length == 0) && _rebuild.HasTraces() ? "it is missing or empty"
                : !file.Exists && _rebuild.HasWitness() ? StateFault.Removed
                : null
            );
    }

    // Opens the database and brings it up to date; says what is damaged when that fails for damage.
    private string? TryPrepare()
    {
        _share ??= FileLock.TryShare(_recovery.Users)
            ?? throw new UserErrorException(
                $"{_recovery.Users} is held by another program, so the state database cannot be opened. Repeat the call; "
                    + "if it stays so, end the program that has that file open."
            );
        try
        {
            using var connection = Open(SqliteOpenMode.ReadWriteCreate);
            if (connection.Scalar("PRAGMA user_version") == 0)
            {
                // First of all, and before there is a write-ahead log: so the file says whose it is as soon as anything is in it.
                DatabaseOwner.Mark(connection, DatabaseOwner.StateId);
            }

            if (SchemaMigrations.FindMissing(connection) is { } missing)
            {
                return missing;
            }

            connection.Execute("PRAGMA journal_mode = WAL");
            SchemaMigrations.Apply(connection);
            return null;
        }
        catch (SqliteException exception) when (StateFault.IsDamage(exception))
        {
            return exception.Message;
        }
    }

    private void CloseUnlessGone()
    {
        if (!IsGone)
        {
            Close();
        }
    }

    // While nobody uses a connection: each is back where it can be copied from, and nothing is committed that the copy has not.
    private void PutBack()
    {
        _connections.EnterWriteLock();
        try
        {
            _recovery.PutBack(TryCopyOpen);
            CloseAll();
        }
        finally
        {
            _connections.ExitWriteLock();
        }
    }

    private bool TryCopyOpen(string to)
    {
        try
        {
            return _pool.TryUseOpen(connection => connection.Execute("VACUUM INTO @to", ("@to", to)));
        }
        catch (SqliteException exception) when (StateFault.IsDamage(exception))
        {
            GuardedFile.Delete(to);
            return false;
        }
    }

    private void Close()
    {
        _connections.EnterWriteLock();
        try
        {
            CloseAll();
        }
        finally
        {
            _connections.ExitWriteLock();
        }
    }

    private void CloseAll()
    {
        _ready = false;
        _pool.Clear();
        _commits.Close();
        _share?.Dispose();
        _share = null;
    }

    private PreparedConnection Open(SqliteOpenMode mode)
    {
        var connection = new PreparedConnection(
            new SqliteConnectionStringBuilder(_connection.ToString()) { Mode = mode }.ToString(),
            _redactor
        );
        try
        {
            connection.Open();
            DatabaseOwner.Verify(connection, _paths.Database);
            connection.Execute($"PRAGMA busy_timeout = {_busySeconds * 1000}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
