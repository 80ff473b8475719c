using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Runs and their decisions in the database; used within the transactions of several stores.</summary>
internal static class RunRows
{
    public static bool TryStart(SqliteConnection connection, string id, RunStart start)
    {
        var token = start.LeaseToken is null ? null : LeaseTokens.Hash(start.LeaseToken);
        var taken =
            connection.Execute(
                """
                UPDATE runs SET state = 'running', started_at = COALESCE(started_at, @now), attempt_started_at = @now,
                  deadline_at = @now + timeout_seconds * 1000,
                    attempt = attempt + 1, executor = @executor, reason = NULL, not_before = NULL, failure = NULL, exit_code = NULL,
                    lease_token = @token, lease_kind = @leaseKind, lease_owner = @leaseOwner, lease_gone_at = NULL,
                    lease_beat = lease_beat + 1, lease_idle_ms = 0, unverified = 0
                WHERE id = @id AND state = 'queued' AND cancel_reason IS NULL AND (not_before IS NULL OR not_before <= @now)
                  AND (@most IS NULL OR (
                    WITH RECURSIVE above (id) AS (SELECT runs.parent_run_id UNION SELECT up.parent_run_id FROM runs AS up JOIN above
                      ON up.id = above.id)
                    SELECT COUNT(*) FROM runs AS other
                    WHERE other.state = 'running' AND other.kind = 'agent'
                      AND other.id NOT IN (SELECT id FROM above WHERE id IS NOT NULL)) < @most)
                  AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.state = 'running' AND other.schedule_id = runs.schedule_id)
                  AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.state = 'queued' AND other.failure = 'usage_limit'
                    AND other.not_before > @now AND other.agent = runs.agent)
                """,
                ("@id", id),
                ("@now", start.Now),
                ("@executor", start.Executor),
                ("@most", start.MaxRunning),
                ("@leaseKind", token is null ? null : start.LeaseKind.Name()),
                ("@leaseOwner", start.LeaseOwner),
                ("@token", token)
            ) == 1;
        return taken && AttemptRows.Begin(connection, id, start, token) == 1;
    }

    public static Run? Find(SqliteConnection connection, string id) =>
        connection.Query("SELECT * FROM runs WHERE id = @id", Map, ("@id", id)).FirstOrDefault();

    public static int InsertDecision(
        SqliteConnection connection,
        string id,
        DateTimeOffset now,
        string text,
        RunDecisionCode? code = null
    ) =>
        connection.Execute(
            "INSERT INTO decisions (run_id, at, text, code) VALUES (@id, @at, @text, @code)",
            ("@id", id),
            ("@at", now),
            ("@text", connection.Redact(text)),
            ("@code", code?.Name())
        );

    /// <summary>Adds a run.</summary>
    public static int Insert(SqliteConnection connection, Run run) => connection.Execute(RunColumns.Insert, RunFields.Parameters(run));

    /// <summary>
    /// Writes a run over what stands of it; for a run that was read in the same transaction. The clock of its lease stays as it is.
    /// </summary>
    public static int Update(SqliteConnection connection, Run run) => connection.Execute(RunColumns.Update, RunFields.Parameters(run));

    /// <summary>The run of a row.</summary>
    public static Run Map(SqliteDataReader reader) => RunFields.Map(new SqliteRow(reader));
}
