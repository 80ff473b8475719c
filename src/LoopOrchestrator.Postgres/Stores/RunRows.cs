using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>Runs and their decisions; used within the transactions of several stores.</summary>
internal static class RunRows
{
    private static readonly string Added =
        $"INSERT INTO runs (workspace, {RunFields.Names}) VALUES (@workspace, {RunFields.Values})";

    private static readonly string Changed = $"UPDATE runs SET {RunFields.Assignments} WHERE workspace = @workspace AND id = @id";

    /// <summary>Takes a queued run, where it may start now.</summary>
    public static bool TryStart(PostgresSession session, string id, RunStart start)
    {
        var token = start.LeaseToken is null ? null : LeaseTokens.Hash(start.LeaseToken);
        var isTaken =
            session.Execute(
                """
                UPDATE runs SET state = 'running', started_at = COALESCE(started_at, @now), attempt_started_at = @now,
                  deadline_at = @now + timeout_seconds * interval '1 second',
                  attempt = attempt + 1, executor = @executor, reason = NULL, not_before = NULL, failure = NULL, exit_code = NULL,
                  lease_token = @token, lease_kind = @leaseKind, lease_owner = @leaseOwner, lease_gone_at = NULL,
                  lease_beat = lease_beat + 1, lease_idle_ms = 0, unverified = false
                WHERE workspace = @workspace AND id = @id AND state = 'queued' AND cancel_reason IS NULL
                  AND (not_before IS NULL OR not_before <= @now)
                  AND (@most::bigint IS NULL OR (
                    WITH RECURSIVE above (id) AS (
                      SELECT runs.parent_run_id
                      UNION SELECT up.parent_run_id FROM runs AS up JOIN above ON up.workspace = @workspace AND up.id = above.id)
                    SELECT COUNT(*) FROM runs AS other
                    WHERE other.workspace = @workspace AND other.state = 'running' AND other.kind = 'agent'
                      AND other.id NOT IN (SELECT id FROM above WHERE id IS NOT NULL)) < @most::bigint)
                  AND NOT EXISTS (SELECT 1 FROM runs AS other
                    WHERE other.workspace = @workspace AND other.state = 'running' AND other.schedule_id = runs.schedule_id)
                  AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.workspace = @workspace AND other.state = 'queued'
                    AND other.failure = 'usage_limit' AND other.not_before > @now AND other.agent = runs.agent)
                """,
                ("@id", id),
                ("@now", start.Now),
                ("@executor", start.Executor),
                ("@most", start.MaxRunning),
                ("@leaseKind", token is null ? null : start.LeaseKind.Name()),
                ("@leaseOwner", start.LeaseOwner),
                ("@token", token)
            ) == 1;
        return isTaken && AttemptRows.Begin(session, id, start, token) == 1;
    }

    /// <summary>A run by its id.</summary>
    public static Run? Find(PostgresSession session, string id) =>
        session.Query("SELECT * FROM runs WHERE workspace = @workspace AND id = @id", RunFields.Map, ("@id", id)).FirstOrDefault();

    /// <summary>Adds a run.</summary>
    public static int Insert(PostgresSession session, Run run) => session.Execute(Added, RunFields.Parameters(run));

    /// <summary>
    /// Writes a run over what stands of it; for a run that was read in the same transaction. The clock of its lease stays as it is.
    /// </summary>
    public static int Update(PostgresSession session, Run run) => session.Execute(Changed, RunFields.Parameters(run));

    /// <summary>Adds a decision about a run.</summary>
    public static int InsertDecision(PostgresSession session, string id, DateTimeOffset now, string text, RunDecisionCode? code = null) =>
        session.Execute(
            """
            INSERT INTO decisions (workspace, id, run_id, at, text, code) VALUES (@workspace,
              (SELECT COALESCE(MAX(id), 0) + 1 FROM decisions WHERE workspace = @workspace), @id, @at, @text, @code)
            """,
            ("@id", id),
            ("@at", now),
            ("@text", session.Redact(text)),
            ("@code", code?.Name())
        );
}
