using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The attempts of runs in the database; used within the transactions that start and end them.</summary>
internal static class AttemptRows
{
    /// <summary>Begins an attempt of a run that was just taken.</summary>
    /// <param name="connection">The connection, in a transaction.</param>
    /// <param name="runId">The run.</param>
    /// <param name="start">What it is started with.</param>
    /// <param name="tokenHash">The hash of its holder's token; the token itself is in no file.</param>
    public static int Begin(SqliteConnection connection, string runId, RunStart start, string? tokenHash) =>
        connection.Execute(
            """
            INSERT INTO attempts (run_id, number, command, lease_token, started_at, secret_hash, begun_by_older)
            SELECT id, attempt, @command, @token, @now, @hash, 0 FROM runs WHERE id = @id
            """,
            ("@id", runId),
            ("@command", start.Command),
            ("@token", tokenHash),
            ("@hash", start.SecretHash),
            ("@now", start.Now)
        );

    /// <summary>
    /// The attempt that a run from files is in, or has ended with: budgets count what attempts have cost. Of those before it nothing is
    /// left but that they were. Its secret was in the database, so what is asked of its outcome is what <see cref="Run.IsUnverified"/>
    /// says.
    /// </summary>
    public static void InsertRebuilt(SqliteConnection connection, Run run)
    {
        if (run.Attempt < 1 || (run.AttemptStartedAt ?? run.StartedAt) is not { } started)
        {
            return;
        }

        var hasEnded = run.State.HasEnded();
        connection.Execute(
            """
            INSERT INTO attempts (run_id, number, lease_token, started_at, ended_at, outcome, reason, failure, exit_code, cost_usd,
              begun_by_older)
            VALUES (@id, @number, @token, @started, @ended, @outcome, @reason, @failure, @exit, @cost, @unverified)
            """,
            ("@id", run.Id),
            ("@number", run.Attempt),
            ("@token", run.Lease?.Token),
            ("@started", started),
            ("@ended", hasEnded ? run.EndedAt : null),
            ("@outcome", hasEnded ? run.State.Name() : null),
            ("@reason", hasEnded && run.Reason is { } reason ? connection.Redact(reason) : null),
            ("@failure", hasEnded ? run.Failure?.Name() : null),
            ("@exit", hasEnded ? run.ExitCode : null),
            ("@cost", hasEnded ? run.CostUsd : null),
            ("@unverified", run.IsUnverified)
        );
    }

    /// <summary>
    /// What the outcome of a run's attempt must show. An attempt that the version before began has no secret and needs none, this once;
    /// nor does a run that is known from its files alone, and marked so.
    /// </summary>
    public static OutcomeProof Proof(SqliteConnection connection, Run run) =>
        connection.Query(
            "SELECT secret_hash, begun_by_older FROM attempts WHERE run_id = @id AND number = @number",
            static reader => reader.Integer("begun_by_older") == 1 ? OutcomeProof.NotNeeded : OutcomeProof.Of(reader.Text("secret_hash")),
            ("@id", run.Id),
            ("@number", run.Attempt)
        )
            is [var proof]
            ? proof
        : run.IsUnverified ? OutcomeProof.NotNeeded
        : OutcomeProof.Impossible;

    /// <summary>An attempt that was never begun is none.</summary>
    public static int Undo(SqliteConnection connection, Run taken) =>
        connection.Execute(
            "DELETE FROM attempts WHERE run_id = @id AND number = @number AND ended_at IS NULL",
            ("@id", taken.Id),
            ("@number", taken.Attempt)
        );

    // With its end the secret by which an outcome is known has done its work; 64 characters a run add up over years.
    public static void End(SqliteConnection connection, string runId, RunEnd end) =>
        connection.Execute(
            """
            UPDATE attempts SET ended_at = @ended, outcome = @outcome, reason = @reason, failure = @failure, exit_code = @exit,
              cost_usd = @cost, tokens = @tokens, secret_hash = NULL
            WHERE run_id = @id AND ended_at IS NULL
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

    public static List<RunAttempt> Of(SqliteConnection connection, string runId) =>
        connection.Query(
            "SELECT * FROM attempts WHERE run_id = @id ORDER BY number",
            static reader => AttemptFields.Map(new SqliteRow(reader)),
            ("@id", runId)
        );
}
