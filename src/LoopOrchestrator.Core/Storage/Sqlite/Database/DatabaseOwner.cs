using System.Buffers.Binary;
using System.Globalization;
using LoopOrchestrator.Core.Files;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// Whether a database is this program's, told before SQLite may write to it: by the <c>application_id</c> in its header, or, for one of
/// a version that set none, by its schema number and tables. Only for who has no connection to it in this process; see
/// <see cref="DatabaseFile"/>.
/// </summary>
internal static class DatabaseOwner
{
    /// <summary>"LoOr": the <c>application_id</c> of a workspace's state.</summary>
    public const int StateId = 0x4C6F4F72;

    /// <summary>"LoIx": the <c>application_id</c> of an index.</summary>
    public const int IndexId = 0x4C6F4978;

    // Versions before the id was set had these numbers; each of them has these tables.
    private const int LastVersionWithoutId = 6;

    private const int HeaderLength = 100;

    private static readonly string[] Companions = ["", "-wal", "-shm", "-journal"];
    private static readonly string[] Tables = ["runs", "occurrences", "schedules", "decisions", "servers", "sessions"];

    /// <summary>Returns when neither the database nor a file beside it that SQLite would use is a link or a special file.</summary>
    /// <exception cref="LinkRefusedException">One is a link, or is reached through one.</exception>
    /// <exception cref="IOException">One is a device, pipe or socket.</exception>
    public static void RefuseLinks(string database)
    {
        foreach (var companion in Companions)
        {
            var path = GuardedPath.Of(database + companion);
            if (path.FindLink() is { } link)
            {
                throw LinkRefusedException.Below(path.FullPath, link.Path, link.Target);
            }

            SpecialFile.Refuse(path.FullPath);
        }
    }

    /// <summary>
    /// Why the workspace's state database is none of ours, or <see langword="null"/>. What is missing, empty or no database at all is
    /// nobody's.
    /// </summary>
    public static string? FindForeignState(string database)
    {
        if (ReadHeader(database) is not { } header || header.ApplicationId == StateId)
        {
            return null;
        }

        if (header.ApplicationId != 0)
        {
            return OtherId(header.ApplicationId);
        }

        try
        {
            return JudgeWithoutId(database, header.UserVersion);
        }
        catch (SqliteException)
        {
            // Damage is for the recovery to judge.
            return null;
        }
    }

    /// <summary>
    /// Why the index is none of ours, or <see langword="null"/>. One of a version that set no id is nobody's any more: it is filled anew.
    /// </summary>
    public static string? FindForeignIndex(string database) =>
        ReadHeader(database) is { } header && header.ApplicationId != IndexId ? OtherId(header.ApplicationId) : null;

    /// <summary>Whether the database is ours and of an earlier version, so that opening it would change it.</summary>
    public static bool IsOfEarlierVersion(string database) =>
        ReadHeader(database) is { } header && (header.ApplicationId != StateId || header.UserVersion < SchemaMigrations.Newest);

    /// <summary>
    /// Returns when a connection that was just opened leads to the file of that path, and to no other that was put there meanwhile.
    /// </summary>
    /// <exception cref="LinkRefusedException">It does not; nothing was done by it.</exception>
    public static void Verify(SqliteConnection connection, string database)
    {
        // SQLite resolves links itself, and opens no link at the end of the path.
        var opened = raw.sqlite3_db_filename(connection.Handle, "main").utf8_to_string();
        var expected = GuardedPath.Of(database);
        if (
            OperatingSystem.IsWindows()
            || expected.Anchor is null
            || string.Equals(opened, Path.Combine(RealPath.Of(expected.Anchor), expected.Relative), StringComparison.Ordinal)
        )
        {
            return;
        }

        throw new LinkRefusedException(
            $"{database} leads to {opened}, and below .loop no link is followed. Put a file or folder of its own in the place of the link"
        );
    }

    /// <summary>Writes an owner into a database that has none.</summary>
    public static void Mark(SqliteConnection connection, int id)
    {
        if (connection.Scalar("PRAGMA application_id") == 0)
        {
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {id}"));
        }
    }

    private static string? JudgeWithoutId(string database, int version)
    {
        var tables = TablesOf(new Uri(database).AbsoluteUri + "?immutable=1", SqliteOpenMode.ReadOnly);
        if (tables.Count == 0 && new FileInfo(database + "-wal") is { Exists: true, Length: > 0 })
        {
            // All of it is in the log yet, which cannot be read without changing something beside it.
            using var copy = DatabaseCopy.Make(database);
            tables = TablesOf(copy.Path, SqliteOpenMode.ReadWrite);
            version = copy.UserVersion();
        }

        return tables.Count == 0 && version == 0 ? null
            : tables.Count == 0 ? string.Create(CultureInfo.InvariantCulture, $"it has schema version {version} and none of our tables")
            : Array.TrueForAll(Tables, tables.Contains) && version is >= 1 and <= LastVersionWithoutId ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"it has schema version {version} and the tables of another program: "
                    + $"{string.Join(", ", tables.Take(5))}{(tables.Count > 5 ? ", ..." : "")}"
            );
    }

    private static List<string> TablesOf(string source, SqliteOpenMode mode)
    {
        using var connection = DatabaseCopy.OpenFile(source, mode);
        return connection.Query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name LIMIT 200",
            static reader => reader.GetString(0)
        );
    }

    private static string OtherId(int id) =>
        id == 0
            ? "it carries no application_id"
            : string.Create(CultureInfo.InvariantCulture, $"its application_id 0x{id:X8} is another program's");

    // https://www.sqlite.org/fileformat2.html#the_database_header
    private static (int UserVersion, int ApplicationId)? ReadHeader(string database)
    {
        try
        {
            using var file = GuardedFile.OpenRead(database);
            Span<byte> header = stackalloc byte[HeaderLength];
            return RandomAccess.Read(file, header, 0) == HeaderLength && header.StartsWith("SQLite format 3\0"u8)
                ? (BinaryPrimitives.ReadInt32BigEndian(header[60..]), BinaryPrimitives.ReadInt32BigEndian(header[68..]))
                : null;
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException
                || (exception is UnauthorizedAccessException && Directory.Exists(database))
            )
        {
            return null;
        }
    }
}
