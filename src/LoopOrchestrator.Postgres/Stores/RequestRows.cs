using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The calls with a request id; used within the transactions of several stores.</summary>
internal static class RequestRows
{
    /// <summary>What is recorded of a call.</summary>
    public static RecordedRequest? Find(PostgresSession session, RequestKey key) =>
        session
            .Query(
                "SELECT * FROM requests WHERE workspace = @workspace AND tool = @tool AND id_hash = @hash",
                ServerFields.MapRequest,
                ("@tool", key.Tool),
                ("@hash", key.Hash)
            )
            .FirstOrDefault();

    /// <summary>Enters a call.</summary>
    /// <returns>What was recorded before, and nothing is changed then; <see langword="null"/> when it was entered now.</returns>
    public static RecordedRequest? Enter(PostgresSession session, RequestKey key, DateTimeOffset now, string? runId, string? note)
    {
        if (Find(session, key) is { } known)
        {
            return known;
        }

        session.Execute(
            """
            INSERT INTO requests (workspace, tool, id_hash, digest, created_at, run_id, note)
            VALUES (@workspace, @tool, @hash, @digest, @now, @run, @note)
            """,
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
