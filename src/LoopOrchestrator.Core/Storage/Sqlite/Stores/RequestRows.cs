using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The calls with a request id in the database; used within the transactions of several stores.</summary>
internal static class RequestRows
{
    public static RecordedRequest? Find(SqliteConnection connection, RequestKey key) =>
        connection
            .Query(
                "SELECT * FROM requests WHERE tool = @tool AND id_hash = @hash",
                static reader => ServerFields.MapRequest(new SqliteRow(reader)),
                ("@tool", key.Tool),
                ("@hash", key.Hash)
            )
            .FirstOrDefault();

    /// <summary>Enters a call.</summary>
    /// <returns>What was recorded before, and nothing is changed then; <see langword="null"/> when it was entered now.</returns>
    public static RecordedRequest? Enter(SqliteConnection connection, RequestKey key, DateTimeOffset now, string? runId, string? note)
    {
        if (Find(connection, key) is { } known)
        {
            return known;
        }

        connection.Execute(
            "INSERT INTO requests (tool, id_hash, digest, created_at, run_id, note) VALUES (@tool, @hash, @digest, @now, @run, @note)",
            ("@tool", key.Tool),
            ("@hash", key.Hash),
            ("@digest", key.Digest),
            ("@now", now),
            ("@run", runId),
            ("@note", note)
        );
        return null;
    }
}
