using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>What rows of attempts, decisions and held agents say.</summary>
internal static class AttemptFields
{
    /// <summary>An attempt.</summary>
    public static RunAttempt Map<TRow>(TRow row)
        where TRow : struct, IRow =>
        new()
        {
            Number = (int)row.Integer("number")!.Value,
            Command = row.Text("command"),
            LeaseToken = row.Text("lease_token"),
            StartedAt = row.Moment("started_at")!.Value,
            EndedAt = row.Moment("ended_at"),
            Outcome = RunNames.State(row.Text("outcome")),
            Reason = row.Text("reason"),
            Failure = RunNames.Failure(row.Text("failure")),
            ExitCode = (int?)row.Integer("exit_code"),
            CostUsd = row.Real("cost_usd"),
            Tokens = row.Integer("tokens"),
        };

    /// <summary>A decision about a run.</summary>
    public static RunDecision MapDecision<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(row.Moment("at")!.Value, row.Text("text")!) { Code = RunDecisionNames.Code(row.Text("code")) };

    /// <summary>An agent that is held back.</summary>
    public static AgentHold MapHold<TRow>(TRow row)
        where TRow : struct, IRow =>
        new(
            row.Text("agent")!,
            RunNames.Failure(row.Text("failure")) ?? RunFailure.Service,
            row.Text("reason")!,
            row.Text("run_id")!,
            row.Moment("since")!.Value
        )
        {
            Digest = row.Text("digest"),
        };
}
