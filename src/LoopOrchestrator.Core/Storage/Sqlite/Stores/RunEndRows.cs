using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The end of an attempt in the database, within one transaction.</summary>
internal static class RunEndRows
{
    /// <summary>Ends it as the policy says.</summary>
    /// <returns>The run as it stands then; <see langword="null"/> when it, or this attempt of it, had ended already.</returns>
    public static RunEnded? Apply(SqliteConnection connection, string id, RunEnd told, RunEndPolicy policy)
    {
        if (RunRows.Find(connection, id) is not { } run
            || policy.Decide(run, told, () => PauseRows.Reason(connection, run.ScheduleId)) is not { } decision)
        {
            return null;
        }

        var (end, retry) = (decision.End, decision.Retry);
        AttemptRows.End(connection, id, end);
        var failed = end.State == RunState.Failed ? end.Failure.Name() : null;
        connection.Execute(
            """
            UPDATE runs SET state = @state, reason = @reason, failure = @failure, tries = @tries, not_before = @notBefore, ended_at = @ended,
                summary = COALESCE(@summary, summary), follow_ups = COALESCE(@followUps, follow_ups), exit_code = @exit,
                cost_usd = CASE WHEN @cost IS NULL THEN cost_usd ELSE COALESCE(cost_usd, 0) + @cost END,
                input_tokens = CASE WHEN @input IS NULL THEN input_tokens ELSE COALESCE(input_tokens, 0) + @input END,
                output_tokens = CASE WHEN @input IS NULL THEN output_tokens ELSE COALESCE(output_tokens, 0) + @output END,
                cached_tokens = CASE WHEN @input IS NULL THEN cached_tokens ELSE COALESCE(cached_tokens, 0) + @cached END,
                session_id = COALESCE(@session, session_id), usage_limit = @limit, usage_limit_until = @until, denied_permissions = @denied,
                reported_outcome = CASE WHEN @again THEN NULL ELSE reported_outcome END,
                executor = CASE WHEN @again THEN NULL ELSE executor END,
                deadline_at = CASE WHEN @again THEN NULL ELSE deadline_at END,
                lease_token = CASE WHEN @again THEN NULL ELSE lease_token END,
                lease_kind = CASE WHEN @again THEN NULL ELSE lease_kind END,
                lease_owner = CASE WHEN @again THEN NULL ELSE lease_owner END,
                lease_gone_at = @gone, lost_leases = lost_leases + CASE WHEN @failure = 'lease' THEN 1 ELSE 0 END,
                stop_row_pending = CASE WHEN started_at IS NOT NULL AND @closes THEN 1 ELSE stop_row_pending END,
                memory_pending = CASE WHEN @again THEN memory_pending ELSE 1 END
            WHERE id = @id
            """,
            ("@id", id),
            ("@state", decision.State.Name()),
            ("@reason", decision.Reason),
            ("@failure", failed),
            ("@tries", decision.Tries),
            ("@notBefore", retry?.NotBefore),
            ("@ended", retry is null ? end.EndedAt : null),
            ("@summary", end.Summary),
            ("@followUps", end.FollowUps is null ? null : RunRows.WriteList(end.FollowUps)),
            ("@exit", end.ExitCode),
            ("@cost", end.CostUsd),
            ("@input", end.Tokens?.Input),
            ("@output", end.Tokens?.Output),
            ("@cached", end.Tokens?.Cached),
            ("@session", end.SessionId),
            ("@limit", end.UsageLimit?.Kind),
            ("@until", end.UsageLimit?.ResetsAt),
            ("@denied", end.DeniedPermissions.Count > 0 ? RunRows.WriteList(end.DeniedPermissions) : null),
            ("@again", retry is not null),
            ("@gone", end.HolderGoneSince),
            ("@closes", retry?.ClosesInterval ?? true));
        RunRows.InsertDecision(connection, id, end.EndedAt, decision.Story);
        var escalation = retry is null ? EscalationRows.Count(connection, run, end, policy) : null;
        BudgetRows.PauseWhatReachedItsLimit(connection, run, policy.Budget, end.EndedAt);
        var below = retry is null && end.State is not (RunState.Succeeded or RunState.NeedsInput)
            ? SubRunRows.Cancel(connection, id, $"the run that asked for it ({id}) is {end.State.Name()}")
            : [];
        return new RunEnded(RunRows.Find(connection, id)!, escalation, below.Count > 0);
    }
}
