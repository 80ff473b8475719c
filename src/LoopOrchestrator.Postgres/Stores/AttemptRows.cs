using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The attempts of runs; used within the transactions that start and end them.</summary>
internal static class AttemptRows
{
    /// <summary>Begins an attempt of a run that was just taken; of its holder's token only the hash is kept.</summary>
    public static int Begin(PostgresSession session, string runId, RunStart start, string? tokenHash) =>
        session.Execute(
            """
            INSERT INTO attempts (workspace, run_id, number, command, lease_token, started_at, secret_hash, begun_by_older)
            SELECT workspace, id, attempt, @command::text, @token::text, @now, @hash::text, false
            FROM runs WHERE workspace = @workspace AND id = @id
            """,
            ("@id", runId),
            ("@command", start.Command),
            ("@token", tokenHash),
            ("@hash", start.SecretHash),
            ("@now", start.Now)
        );

    /// <summary>
    /// What the outcome of a run's attempt must show. One that came here from a version without secrets needs none, nor does a run that is
    /// known from its files alone, and marked so.
    /// </summary>
    public static OutcomeProof Proof(PostgresSession session, Run run) =>
        session.Query(
            "SELECT secret_hash, begun_by_older FROM attempts WHERE workspace = @workspace AND run_id = @id AND number = @number",
            static row => row.Flag("begun_by_older") == true ? OutcomeProof.NotNeeded : OutcomeProof.Of(row.Text("secret_hash")),
            ("@id", run.Id),
            ("@number", run.Attempt)
        )
            is [var proof]
            ? proof
        : run.IsUnverified ? OutcomeProof.NotNeeded
        : OutcomeProof.Impossible;

    /// <summary>An attempt that was never begun is none.</summary>
    public static int Undo(PostgresSession session, Run taken) =>
        session.Execute(
            "DELETE FROM attempts WHERE workspace = @workspace AND run_id = @id AND number = @number AND ended_at IS NULL",
            ("@id", taken.Id),
            ("@number", taken.Attempt)
        );

    // With its end the secret by which an outcome is known has done its work; 64 characters a run add up over years.
    /// <summary>Ends the attempt of a run that has not ended.</summary>
    public static void End(PostgresSession session, string runId, RunEnd end) =>
        session.Execute(
            """
            UPDATE attempts SET ended_at = @ended, outcome = @outcome, reason = @reason, failure = @failure, exit_code = @exit,
              cost_usd = @cost, tokens = @tokens, secret_hash = NULL
            WHERE workspace = @workspace AND run_id = @id AND ended_at IS NULL
            """,
            ("@id", runId),
            ("@ended", end.EndedAt),
            ("@outcome", end.State.Name()),
            ("@reason", end.Reason),
            ("@failure", end.State == RunState.Failed ? end.Failure.Name() : null),
            ("@exit", end.ExitCode),
            ("@cost", end.CostUsd),
            ("@tokens", end.Tokens?.Total)
        );

    /// <summary>All attempts of a run, the first one first.</summary>
    public static List<RunAttempt> Of(PostgresSession session, string runId) =>
        session.Query(
            "SELECT * FROM attempts WHERE workspace = @workspace AND run_id = @id ORDER BY number",
            AttemptFields.Map,
            ("@id", runId)
        );
}
