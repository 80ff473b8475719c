using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Runs;

/// <summary>The attempts of runs in the database; used within the transactions that start and end them.</summary>
internal static class AttemptRows
{
    public static int Begin(SqliteConnection connection, string runId, DateTimeOffset now, string? command, string? leaseToken) =>
        connection.Execute(
            "INSERT INTO attempts (run_id, number, command, lease_token, started_at) SELECT id, attempt, @command, @token, @now FROM runs WHERE id = @id",
            ("@id", runId),
            ("@command", command),
            ("@token", leaseToken),
            ("@now", now));

    /// <summary>An attempt that was never begun is none.</summary>
    public static int Undo(SqliteConnection connection, Run taken) =>
        connection.Execute("DELETE FROM attempts WHERE run_id = @id AND number = @number AND ended_at IS NULL", ("@id", taken.Id), ("@number", taken.Attempt));

    public static void End(SqliteConnection connection, string runId, RunEnd end) =>
        connection.Execute(
            """
            UPDATE attempts SET ended_at = @ended, outcome = @outcome, reason = @reason, failure = @failure, exit_code = @exit, cost_usd = @cost, tokens = @tokens
            WHERE run_id = @id AND ended_at IS NULL
            """,
            ("@id", runId),
            ("@ended", end.EndedAt),
            ("@outcome", end.State.Name()),
            ("@reason", end.Reason),
            ("@failure", end.State == RunState.Failed ? end.Failure.Name() : null),
            ("@exit", end.ExitCode),
            ("@cost", end.CostUsd),
            ("@tokens", end.Tokens?.Total));

    public static List<RunAttempt> Of(SqliteConnection connection, string runId) =>
        connection.Query("SELECT * FROM attempts WHERE run_id = @id ORDER BY number", Map, ("@id", runId));

    private static RunAttempt Map(SqliteDataReader reader) => new()
    {
        Number = (int)reader.Integer("number")!.Value,
        Command = reader.Text("command"),
        LeaseToken = reader.Text("lease_token"),
        StartedAt = reader.Moment("started_at")!.Value,
        EndedAt = reader.Moment("ended_at"),
        Outcome = RunNames.State(reader.Text("outcome")),
        Reason = reader.Text("reason"),
        Failure = RunNames.Failure(reader.Text("failure")),
        ExitCode = (int?)reader.Integer("exit_code"),
        CostUsd = reader.Real("cost_usd"),
        Tokens = reader.Integer("tokens"),
    };
}
