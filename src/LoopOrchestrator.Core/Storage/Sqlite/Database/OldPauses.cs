using LoopOrchestrator.Core.Files;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The pauses of schedules stand in no file, but mostly a damaged database can still tell them: a schedule that its user stopped
/// should not go on because of a broken disk.
/// </summary>
internal static class OldPauses
{
    /// <summary>Reads them from a copy, because SQLite changes what it opens.</summary>
    /// <param name="database">The database that was set aside.</param>
    /// <param name="copy">Where the copy goes; it is removed again.</param>
    /// <returns>The pauses, or <see langword="null"/> when they cannot be read any more.</returns>
    public static IReadOnlyList<(string Id, long Since, string? Reason)>? TryRead(string database, string copy)
    {
        string[] companions = ["", "-wal", "-shm", "-journal"];
        try
        {
            foreach (var companion in companions.Where(companion => companion != "-shm" && GuardedFile.Exists(database + companion)))
            {
                GuardedFile.Delete(copy + companion);
                GuardedFile.Copy(database + companion, copy + companion);
            }

            if (!GuardedFile.Exists(copy) || DatabaseFile.FindDamage(copy) is not null)
            {
                return null;
            }

            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false }.ToString()
            );
            connection.Open();
            return connection.Query("SELECT id, paused_at, paused_reason FROM schedules WHERE paused_at IS NOT NULL", static reader =>
                (reader.GetString(0), reader.GetInt64(1), reader.IsDBNull(2) ? null : reader.GetString(2))
            );
        }
        catch (Exception exception)
            when (exception is SqliteException or IOException or UnauthorizedAccessException or InvalidCastException)
        {
            return null;
        }
        finally
        {
            foreach (var companion in companions)
            {
                GuardedFile.Delete(copy + companion);
            }
        }
    }

    /// <summary>
    /// Enters them into the new database. Whatever brought one, the escalation or the sums of the day that it belonged to are gone, so it
    /// is a person who ends it.
    /// </summary>
    public static void Enter(SqliteConnection connection, IReadOnlyList<(string Id, long Since, string? Reason)> pauses)
    {
        foreach (var (id, since, reason) in pauses)
        {
            connection.Execute(
                """
                INSERT INTO schedules (id, paused_at, paused_reason, paused_by) VALUES (@id, @since, @reason, 'person')
                ON CONFLICT (id) DO UPDATE SET paused_at = @since, paused_reason = @reason, paused_by = 'person'
                """,
                ("@id", id),
                ("@since", since),
                ("@reason", reason)
            );
        }
    }
}
