using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.State;

/// <summary>Tells damage of the database from other trouble with it.</summary>
internal static class StateIntegrity
{
    // https://www.sqlite.org/rescode.html: SQLITE_CORRUPT and SQLITE_NOTADB.
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Whether SQLite says that the file itself is damaged; not when it is full, locked, read-only or out of reach.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Has SQLite look at all pages. <c>quick_check</c> reads each page once; <c>integrity_check</c> also compares indexes with their tables.</summary>
    /// <returns>The first things that are wrong, or <see langword="null"/>.</returns>
    public static string? FindDamage(SqliteConnection connection, string check)
    {
        var lines = connection.Query($"PRAGMA {check}(3)", static reader => reader.GetString(0));
        return lines is ["ok"] ? null : string.Join("; ", lines.Select(static line => line.ReplaceLineEndings(" ")));
    }
}
