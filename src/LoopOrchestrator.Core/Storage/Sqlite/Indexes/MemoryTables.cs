using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>
/// The tables that repeat the entries of the memory and its archive for searching, and how they follow the files. A file that changed is
/// read again, and only its entries that are new or gone are written, because an archive may be large and mostly grows.
/// </summary>
internal static class MemoryTables
{
    /// <summary>Increased whenever <see cref="Schema"/>, or how a file is read, changes.</summary>
    public const int Version = 1;

    /// <summary>
    /// The tables. Moments are ticks, because foreign entries have microseconds; <c>same</c> tells what stands in memory and archive both.
    /// </summary>
    public const string Schema = """
        CREATE TABLE IF NOT EXISTS files (name TEXT NOT NULL PRIMARY KEY, stamp TEXT NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS entries (
            id INTEGER PRIMARY KEY,
            file TEXT NOT NULL,
            line INTEGER NOT NULL,
            section INTEGER NOT NULL,
            at INTEGER NULL,
            mode TEXT NULL,
            category TEXT NULL,
            pinned INTEGER NOT NULL,
            archived INTEGER NOT NULL,
            seen INTEGER NOT NULL,
            same TEXT NOT NULL
        ) STRICT;
        CREATE INDEX IF NOT EXISTS entries_by_file ON entries (file);
        CREATE INDEX IF NOT EXISTS entries_by_same ON entries (same);
        CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (text, category, mode, tokenize = 'unicode61 remove_diacritics 2');
        """;

    /// <summary>Brings the tables up to the files as they are now.</summary>
    /// <exception cref="UserErrorException">A file cannot be read.</exception>
    public static void Refresh(SqliteConnection connection, WorkspacePaths paths)
    {
        if (FindChanged(connection, paths).Count == 0)
        {
            return;
        }

        // Looked at again with the right to write: what was read before may be older than what another process entered meanwhile.
        using var transaction = connection.BeginTransaction(deferred: false);
        foreach (var (file, stamp, content) in FindChanged(connection, paths))
        {
            var name = paths.Display(file);
            Enter(connection, name, stamp is null ? [] : Read(content ?? ReadFile(paths, file), name, archived: file != paths.Memory));
            connection.Execute("DELETE FROM files WHERE name = $name", ("$name", name));
            if (stamp is not null)
            {
                connection.Execute("INSERT INTO files VALUES ($name, $stamp)", ("$name", name), ("$stamp", stamp));
            }
        }

        transaction.Commit();
    }

    /// <summary>The files that differ from what is entered. Without a stamp: one that is gone.</summary>
    private static List<(string File, string? Stamp, byte[]? Content)> FindChanged(SqliteConnection connection, WorkspacePaths paths)
    {
        var entered = connection
            .Query("SELECT name, stamp FROM files", static reader => (reader.GetString(0), reader.GetString(1)))
            .ToDictionary(StringComparer.Ordinal);
        var changed = new List<(string, string?, byte[]?)>();

        // The memory is small, and two changes of it may have one size and one time: its content counts. The archive only grows.
        var memory = ReadFile(paths, paths.Memory);
        Compare(paths.Memory, Convert.ToHexStringLower(SHA256.HashData(memory)), memory);
        foreach (var file in MemoryArchive.Files(paths))
        {
            var info = new FileInfo(file);
            Compare(file, info.Exists ? $"{info.Length} {info.LastWriteTimeUtc.Ticks}" : null, null);
        }

        changed.AddRange(entered.Keys.Select(gone => (Path.Combine(paths.Root, gone), (string?)null, (byte[]?)null)));
        return changed;

        void Compare(string file, string? stamp, byte[]? content)
        {
            entered.Remove(paths.Display(file), out var known);
            if (!string.Equals(known, stamp, StringComparison.Ordinal))
            {
                changed.Add((file, stamp, content));
            }
        }
    }

    private static void Enter(SqliteConnection connection, string name, IEnumerable<MemoryEntry> entries)
    {
        var known = connection
            .Query(
                "SELECT id, line, seen, pinned, same FROM entries WHERE file = $file ORDER BY line DESC",
                static reader =>
                    (
                        Id: reader.GetInt64(0),
                        Line: reader.GetInt32(1),
                        Key: (reader.GetString(4), reader.GetInt32(2), reader.GetBoolean(3))
                    ),
                ("$file", name)
            )
            .GroupBy(static row => row.Key)
            .ToDictionary(
                static rows => rows.Key,
                static rows => new Stack<(long Id, int Line)>(rows.Select(static row => (row.Id, row.Line)))
            );
        using var insert = connection.Command(
            "INSERT INTO entries VALUES (NULL, $file, $line, $section, $at, $mode, $category, $pinned, $archived, $seen, "
                + "$same) RETURNING id"
        );
        using var words = connection.Command("INSERT INTO words (rowid, text, category, mode) VALUES ($id, $text, $category, $mode)");
        using var move = connection.Command("UPDATE entries SET line = $line WHERE id = $id");
        foreach (var entry in entries)
        {
            var same = Same(entry);
            if (known.TryGetValue((same, entry.Seen, entry.Pinned), out var rows) && rows.TryPop(out var row))
            {
                if (row.Line != entry.Line)
                {
                    Run(move, ("$line", entry.Line), ("$id", row.Id));
                }

                continue;
            }

            var id = Run(
                insert,
                ("$file", name),
                ("$line", entry.Line),
                ("$section", (int)entry.Section),
                ("$at", entry.Timestamp?.UtcTicks),
                ("$mode", entry.Mode),
                ("$category", entry.Category),
                ("$pinned", entry.Pinned ? 1 : 0),
                ("$archived", entry.Archived ? 1 : 0),
                ("$seen", entry.Seen),
                ("$same", same)
            );
            Run(words, ("$id", id), ("$text", entry.Text), ("$category", entry.Category), ("$mode", entry.Mode));
        }

        foreach (var (id, _) in known.Values.SelectMany(static rows => rows))
        {
            connection.Execute("DELETE FROM words WHERE rowid = $id; DELETE FROM entries WHERE id = $id", ("$id", id));
        }
    }

    // The command stays prepared from row to row.
    private static object? Run(SqliteCommand command, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command.ExecuteScalar();
    }

    private static IEnumerable<MemoryEntry> Read(byte[] content, string name, bool archived)
    {
        var document = MemoryDocument.Parse(content);
        return document.FindDecided().Select(block => document.Describe(block, name, archived));
    }

    private static byte[] ReadFile(WorkspacePaths paths, string file) =>
        new SharedFile(new SharedPath(paths, file, file == paths.Memory ? FileSizes.Memory : FileSizes.Own), "", static () => { }).Read()
        ?? [];

    private static string Same(MemoryEntry entry) =>
        Convert.ToHexStringLower(
            SHA256
                .HashData(
                    Encoding.UTF8.GetBytes($"{entry.Section}\n{entry.Timestamp?.UtcTicks}\n{entry.Mode}\n{entry.Category}\n{entry.Text}")
                )
                .AsSpan(0, 16)
        );
}
