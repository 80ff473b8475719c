using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Processes;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>Distinguishes damage of the database from other trouble with it, and says what to do about that.</summary>
internal static class StateFault
{
    /// <summary>What is said of a database that is gone with all of the state.</summary>
    public const string Removed = "it is missing with all of the state";

    // https://www.sqlite.org/rescode.html
    private const int Error = 1;
    private const int Busy = 5;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int TooBig = 18;
    private const int Constraint = 19;
    private const int Mismatch = 20;
    private const int NotADatabase = 26;

    // The last one is said of what is to be inserted.
    private static readonly string[] Lacking = ["no such table", "no such column", "has no column named"];

    /// <summary>Whether SQLite says that the file itself is damaged; not when it is full, locked, read-only or out of reach.</summary>
    public static bool IsDamage(SqliteException exception) => exception.SqliteErrorCode is Corrupt or NotADatabase;

    /// <summary>Whether SQLite refused a row for what is in it, and not for the state of the file or the disk.</summary>
    public static bool IsOfARow(SqliteException exception) => exception.SqliteErrorCode is TooBig or Constraint or Mismatch;

    /// <summary>
    /// Has SQLite look at all pages. <c>quick_check</c> reads each page once; <c>integrity_check</c> also compares indexes with their
    /// tables. One that lacks what its version has is damaged, too, whatever its pages look like.
    /// </summary>
    /// <returns>The first things that are wrong, or <see langword="null"/>.</returns>
    public static string? FindDamage(SqliteConnection connection, string check)
    {
        var lines = connection.Query($"PRAGMA {check}(3)", static reader => reader.GetString(0));
        return lines is ["ok"]
            ? SchemaMigrations.FindMissing(connection)
            : string.Join("; ", lines.Select(static line => line.ReplaceLineEndings(" ")));
    }

    /// <summary>The error for trouble that is no damage. The transaction that met it has been rolled back.</summary>
    public static UserErrorException Explain(SqliteException exception, string database, int busySeconds) =>
        new(
            $"The state database {database} could not be used, and nothing of this call was recorded: {exception.Message} "
                + $"(SQLite code {exception.SqliteErrorCode}). {Advice(exception, database, busySeconds)} "
                + "The files of the workspace are not affected.",
            exception
        );

    private static string Users<T>(IReadOnlyCollection<T> others) =>
        others.Count > 0 ? $"; these have it open: process {string.Join(", ", others)}" : "";

    // SQLite has one code for all that is wrong with a statement, and only its words say what.
    private static bool LacksSomething(SqliteException exception) =>
        Lacking.Any(words => exception.Message.Contains(words, StringComparison.Ordinal));

    private static string Advice(SqliteException exception, string database, int busySeconds) =>
        exception.SqliteErrorCode switch
        {
            Busy => $"Another process kept it to itself for more than {busySeconds} s{Users(FileUsers.Others(database))}. "
                + "End or finish the program that is in the middle of a transaction, then repeat the call.",
            Error when LacksSomething(exception) =>
                "Its tables are not those of its version. Move it elsewhere, together with the files of its name beside it; the next "
                    + "use makes a new one from the files of the workspace.",
            Full => "The disk is full, or this user's share of it. Make room, then repeat the call.",
            ReadOnly => "It cannot be written: give this user write permission on it and its folder, or mount the disk writable, "
                + "then repeat the call.",
            _ => "Check that the disk has space and that this user may write the folder, then repeat the call.",
        };
}
