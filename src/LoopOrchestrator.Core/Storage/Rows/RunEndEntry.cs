using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// The end of an attempt with all that comes of it, the same for all backends: a retry, a count of failures, an escalation, a pause for
/// what was spent, sub-runs that end with it. Every method is a part of one transaction, so that each end counts once.
/// </summary>
internal static class RunEndEntry
{
    private const int MaxTaskLength = 2000;

    /// <summary>Ends it as the policy says.</summary>
    /// <returns>The run as it stands then; <see langword="null"/> when it, or this attempt of it, had ended already.</returns>
    public static RunEnded? Apply(IRunEndTable rows, string id, RunEnd told, RunEndPolicy policy)
    {
        if (
            rows.Find(id) is not { } run
            || policy.Decide(run, told, () => rows.PauseReason(run.ScheduleId)) is not { } decision
        )
        {
            return null;
        }

        var (end, retry) = (decision.End, decision.Retry);
        rows.EndAttempt(id, end);
        rows.Update(decision.ApplyTo(run));
        rows.AddDecision(id, end.EndedAt, decision.Story);
        var escalation = retry is null ? Count(rows, run, end, policy) : null;
        rows.NoteAgent(run, end);
        PauseWhatReachedItsLimit(rows, run, policy.Budget, end.EndedAt);
        var below =
            retry is null && end.State is not (RunState.Succeeded or RunState.NeedsInput)
                ? rows.CancelBelow(id, $"the run that asked for it ({id}) is {end.State.Name()}")
                : [];
        return new RunEnded(rows.Find(id)!, escalation, below.Count > 0);
    }

    /// <summary>Which limit on all runs of a day is reached, in words; <see langword="null"/> for none.</summary>
    public static string? ReachedByAll(IRunEndTable rows, RunBudget budget, DateTimeOffset now)
    {
        if (!BudgetRules.LimitsAll(budget))
        {
            return null;
        }

        var (cost, tokens) = rows.Spent(ScheduleState.AllSchedules, now);
        return BudgetRules.ReachedByAll(budget, cost, tokens);
    }

    // The number of the escalation that begins with this end; see EscalationRules.Judge.
    private static long? Count(IRunEndTable rows, Run run, RunEnd end, RunEndPolicy policy)
    {
        var step = StepKey.Of(run);
        switch (EscalationRules.Judge(run, end))
        {
            case StepEnd.Succeeded:
                rows.Recover(step, run.Id);
                return null;
            case StepEnd.SaysNothing:
                return null;
        }

        List<string> runs = [.. rows.FailedRuns(step), run.Id];
        return rows.RecordFailures(step, runs) || (runs.Count < policy.FailuresToEscalate && !end.Escalates)
            ? null
            : Escalate(rows, run, step, runs, end, policy.Channels);
    }

    private static long Escalate(
        IRunEndTable rows,
        Run run,
        string step,
        List<string> runs,
        RunEnd end,
        IReadOnlyList<string> channels
    )
    {
        var task = TextCut.Head(run.Task, MaxTaskLength).ToString();
        var id = rows.AddEscalation(step, run, runs, end.EndedAt, task, EscalationRules.Reason(run, end, runs.Count));
        foreach (var channel in channels)
        {
            rows.AddNotice(id, channel, end.EndedAt);
        }

        if (run.ScheduleId is not null)
        {
            rows.Pause(run.ScheduleId, EscalationRules.PauseReason(id), end.EndedAt, PauseCause.Escalation(id));
        }

        return id;
    }

    // The schedule that a run which has ended is due to, or all of them, until the day is over.
    private static void PauseWhatReachedItsLimit(IRunEndTable rows, Run ended, RunBudget budget, DateTimeOffset now)
    {
        var tomorrow = new DateTimeOffset(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
        if (
            budget.CostPerSchedulePerDayUsd is not null
            && rows.ScheduleOf(ended.Id) is { } scheduleId
            && BudgetRules.ReachedBySchedule(budget, rows.Spent(scheduleId, now).CostUsd) is { } ofSchedule
        )
        {
            rows.Pause(scheduleId, ofSchedule, now, PauseCause.Budget(tomorrow));
        }

        if (ReachedByAll(rows, budget, now) is { } ofAll)
        {
            rows.Pause(ScheduleState.AllSchedules, ofAll, now, PauseCause.Budget(tomorrow));
        }
    }
}
