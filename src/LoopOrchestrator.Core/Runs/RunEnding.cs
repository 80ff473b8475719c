using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// The end of an attempt as one transaction: the attempt's outcome, whether the run is tried again, what it does to the count of
/// failures of its step, to the budgets, and to what it asked for. A crash leaves all of it or nothing. Safe for many threads and processes.
/// </summary>
internal sealed class RunEnding(StateDatabase database, RunLimits limits, IReadOnlyList<string> channels)
{
    /// <summary>What is said of the end of a run that is known from files alone.</summary>
    public const string Unverified = "not verified: known from files alone, after the state database was damaged";

    /// <summary>Ends an attempt, or a run that was never started.</summary>
    /// <returns>The run as it stands then; <see langword="null"/> when it, or this attempt of it, had ended already.</returns>
    public Task<RunEnded?> ApplyAsync(string id, RunEnd end, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => Apply(connection, id, end), cancellationToken);

    private RunEnded? Apply(SqliteConnection connection, string id, RunEnd end)
    {
        if (RunStore.Find(connection, id) is not { } run || run.State.HasEnded() || IsLate(run, end))
        {
            return null;
        }

        if (run.IsUnverified)
        {
            end = end with { Reason = $"{end.Reason}; {Unverified}" };
        }

        if (end.Failure != RunFailure.Budget && FindOverrun(run, end) is { } overrun)
        {
            // Programs that tell of it only at their end cannot be ended for it; what they did stands, and whoever reads its end sees it.
            end = end with { Reason = $"{end.Reason}; {overrun}, told only at its end" };
        }

        var retry = run.State == RunState.Running ? RetryRules.Decide(run, end, limits, Random.Shared.NextDouble()) : null;
        if (retry is not null && PauseRows.Reason(connection, run.ScheduleId) is { } paused)
        {
            // What is paused starts nothing, not even a second time.
            end = end with { Reason = $"{end.Reason}; it is not tried again, because its schedule is paused ({paused})" };
            retry = null;
        }

        AttemptRows.End(connection, id, end);
        var failed = end.State == RunState.Failed ? end.Failure.Name() : null;
        var tries = run.Tries + (retry?.CountsAsTry ?? end.State == RunState.Failed ? 1 : 0);
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
            ("@state", (retry is null ? end.State : RunState.Queued).Name()),
            ("@reason", retry is null ? end.Reason : $"{end.Reason}; {retry.Why}"),
            ("@failure", failed),
            ("@tries", Math.Min(tries, limits.MaxAttempts)),
            ("@notBefore", retry?.NotBefore),
            ("@ended", retry is null ? end.EndedAt : null),
            ("@summary", end.Summary),
            ("@followUps", end.FollowUps is null ? null : RunStore.WriteList(end.FollowUps)),
            ("@exit", end.ExitCode),
            ("@cost", end.CostUsd),
            ("@input", end.Tokens?.Input),
            ("@output", end.Tokens?.Output),
            ("@cached", end.Tokens?.Cached),
            ("@session", end.SessionId),
            ("@limit", end.UsageLimit?.Kind),
            ("@until", end.UsageLimit?.ResetsAt),
            ("@denied", end.DeniedPermissions.Count > 0 ? RunStore.WriteList(end.DeniedPermissions) : null),
            ("@again", retry is not null),
            ("@gone", end.HolderGoneSince),
            ("@closes", retry?.ClosesInterval ?? true));
        RunStore.InsertDecision(connection, id, end.EndedAt, retry is null ? $"{end.State.Name()}: {end.Reason}" : $"attempt {run.Attempt} {end.State.Name()}: {end.Reason}; {retry.Why}");
        var escalation = retry is null ? EscalationRows.Count(connection, run, end, limits.FailuresToEscalate, channels) : null;
        BudgetRows.PauseWhatReachedItsLimit(connection, run, limits.Budget, end.EndedAt);
        var below = retry is null && end.State is not (RunState.Succeeded or RunState.NeedsInput)
            ? SubRunRows.Cancel(connection, id, $"the run that asked for it ({id}) is {end.State.Name()}")
            : [];
        return new RunEnded(RunStore.Find(connection, id)!, escalation, below.Count > 0);
    }

    private string? FindOverrun(Run run, RunEnd end) => RunBudget.FindOverrun(
        end.CostUsd, run.CostLimitUsd ?? limits.Budget.CostPerRunUsd, end.Tokens?.Total, run.TokenLimit ?? limits.Budget.TokensPerRun);

    // Somebody looked at the run a moment ago, and decided by what it was then.
    private bool IsLate(Run run, RunEnd end) =>
        (end.Attempt is { } attempt && (attempt != run.Attempt || run.State != RunState.Running))
        || (end.Failure == RunFailure.Lease
            && (run.ReportedOutcome is not null || run.Lease is not { } lease || lease.Idle.TotalSeconds < limits.LeaseSeconds));
}
