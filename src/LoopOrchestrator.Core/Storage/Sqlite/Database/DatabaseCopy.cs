using LoopOrchestrator.Core.Files;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// A copy of a database and its log in a folder of the system's for temporary files, which only this user may enter: for looking at one
/// that must not be changed, and opening changes it. Removed with the object.
/// </summary>
internal sealed class DatabaseCopy : IDisposable
{
    private const int MaxAttempts = 5;

    private readonly string _folder;

    private DatabaseCopy(string folder) => _folder = folder;

    /// <summary>The copy.</summary>
    public string Path => System.IO.Path.Combine(_folder, "copy.db");

    /// <summary>Makes one.</summary>
    /// <exception cref="IOException">
    /// The files cannot be read, are written by another process all the time, or there is no room.
    /// </exception>
    public static DatabaseCopy Make(string database)
    {
        var copy = new DatabaseCopy(Directory.CreateTempSubdirectory("loop-orchestrator-").FullName);
        try
        {
            for (var attempt = 1; attempt <= MaxAttempts; attempt++)
            {
                var before = Stamp(database);
                foreach (var companion in (string[])["", "-wal"])
                {
                    GuardedFile.Delete(copy.Path + companion);
                    if (GuardedFile.Exists(database + companion))
                    {
                        GuardedFile.Copy(database + companion, copy.Path + companion);
                    }
                }

                if (Stamp(database) == before)
                {
                    return copy;
                }
            }

            throw new IOException($"{database} is being written by another process all the time; repeat the call");
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>What tells whether a database was changed since, as far as times and lengths of its files do.</summary>
    public static (DateTime, long, DateTime, long) Stamp(string database)
    {
        var (file, log) = (new FileInfo(database), new FileInfo(database + "-wal"));
        return (file.LastWriteTimeUtc, file.Exists ? file.Length : -1, log.LastWriteTimeUtc, log.Exists ? log.Length : -1);
    }

    /// <summary>
    /// Opens a database file that belongs to nobody else, alone and outside of any pool: closed, the file can be moved or removed.
    /// </summary>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteConnection OpenFile(string source, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = source,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
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

    /// <summary>Opens it.</summary>
    public SqliteConnection Open() => OpenFile(Path, SqliteOpenMode.ReadWrite);

    /// <summary>Its schema number.</summary>
    public int UserVersion()
    {
        using var connection = Open();
        return (int)connection.Scalar("PRAGMA user_version");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
#pragma warning disable RS0030 // A folder of this object's own, which only this user may enter.
            Directory.Delete(_folder, recursive: true);
#pragma warning restore RS0030
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system empties that folder by and by.
        }
    }
}
