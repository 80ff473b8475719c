using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>
/// An SQLite database that repeats what files say, so that it can be asked quickly. It is never the truth: its user checks that
/// it still fits the files and fills it again where it does not, and it may be thrown away at any time. Commits are atomic but not synced.
/// Safe for many threads and processes.
/// </summary>
/// <remarks>
/// A damaged one is not deleted, because another process may have it open and would delete the write-ahead log of its successor,
/// which has the same path. The next generation gets a file name of its own instead.
/// </remarks>
internal sealed class IndexDatabase : IDisposable
{
    // Long enough for another process to fill an index anew.
    private const int BusyMilliseconds = 15_000;

    private readonly WorkspacePaths _paths;
    private readonly string _stem;
    private readonly string _schema;
    private readonly Lock _gate = new();
    private string? _connectionString;
    private int _generation;

    /// <summary>Prepares access; nothing is opened or created yet.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="name">What the index is of; part of its file name.</param>
    /// <param name="version">
    /// The version of <paramref name="schema"/>: each has a file of its own, so versions of the product do not disturb each other.
    /// </param>
    /// <param name="schema">Statements that create the tables; only <c>IF NOT EXISTS</c> forms.</param>
    public IndexDatabase(WorkspacePaths paths, string name, int version, string schema)
    {
        _paths = paths;
        _stem = $"{name}-v{version}-";
        _schema = schema;
    }

    /// <summary>
    /// Uses the index on a connection of its own. When it turns out to be damaged, <paramref name="use"/> is called again on an empty one.
    /// </summary>
    /// <exception cref="IndexUnavailableException">The index cannot be used now; its files are to be read instead.</exception>
    public T Use<T>(Func<SqliteConnection, T> use)
    {
        for (var isSecond = false; ; isSecond = true)
        {
            var generation = 0;
            try
            {
                using var connection = Open(out generation);
                return use(connection);
            }
            catch (SqliteException exception) when (IsDamaged(exception) && !isSecond)
            {
                Abandon(generation);
            }
            catch (Exception exception)
                when (exception is SqliteException or UserErrorException or IOException or UnauthorizedAccessException)
            {
                throw new IndexUnavailableException(
                    $"The index {_paths.Display(_paths.Index)}/{_stem}{generation}.db cannot be used: {exception.Message}",
                    exception
                );
            }
        }
    }

    /// <summary>Closes the pooled connections of this index.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            ClearPool();
        }
    }

    private SqliteConnection Open(out int generation)
    {
        var isNew = false;
        string connectionString;
        lock (_gate)
        {
            if (_connectionString is null || !GuardedFolder.Exists(_paths.Index))
            {
                StateFolder.Ensure(_paths);
                WorkspaceBounds.Check(_paths, _paths.Index);
                GuardedFolder.Create(_paths.Index);
                _generation = Math.Max(_generation, Generations().DefaultIfEmpty(1).Max());
                while (!IsOurs(FileOf(_generation)))
                {
                    _generation++;
                }

                _connectionString = new SqliteConnectionStringBuilder { DataSource = FileOf(_generation), Pooling = true }.ToString();
                isNew = true;
            }

            (connectionString, generation) = (_connectionString, _generation);
        }

        var connection = new SqliteConnection(connectionString);
        try
        {
            connection.Open();
            DatabaseOwner.Verify(connection, FileOf(generation));
            connection.Execute($"PRAGMA busy_timeout = {BusyMilliseconds}; PRAGMA synchronous = NORMAL");
            if (isNew)
            {
                DatabaseOwner.Mark(connection, DatabaseOwner.IndexId);
                connection.Execute("PRAGMA journal_mode = WAL");
                connection.Execute(_schema);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            lock (_gate)
            {
                _connectionString = null;
            }

            throw;
        }
    }

    private void Abandon(int generation)
    {
        lock (_gate)
        {
            ClearPool();
            _connectionString = null;
            _generation = Math.Max(_generation, generation + 1);
        }
    }

    private void ClearPool()
    {
        if (_connectionString is not null)
        {
            using var connection = new SqliteConnection(_connectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    private string FileOf(int generation) => Path.Combine(_paths.Index, $"{_stem}{generation}.db");

    // Another program's database is passed over, and so is one that says nothing of its owner.
    private static bool IsOurs(string file)
    {
        DatabaseOwner.RefuseLinks(file);
        return DatabaseOwner.FindForeignIndex(file) is null;
    }

    private IEnumerable<int> Generations() =>
        GuardedFolder
            .Files(_paths.Index, _stem + "*.db")
            .Select(file => int.TryParse(Path.GetFileNameWithoutExtension(file)[_stem.Length..], out var number) ? number : 0)
            .Where(static number => number > 0);

    // 1: a table is missing, because the file was emptied or replaced under us. 11 and 26: the content is no database any more.
    private static bool IsDamaged(SqliteException exception) => exception.SqliteErrorCode is 1 or 11 or 26;
}
