using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The end of an attempt in the database, within one transaction.</summary>
internal static class RunEndRows
{
    /// <summary>Ends it as the policy says.</summary>
    /// <returns>The run as it stands then; <see langword="null"/> when it, or this attempt of it, had ended already.</returns>
    public static RunEnded? Apply(SqliteConnection connection, string id, RunEnd told, RunEndPolicy policy)
    {
        if (
            RunRows.Find(connection, id) is not { } run
            || policy.Decide(run, told, () => PauseRows.Reason(connection, run.ScheduleId)) is not { } decision
        )
        {
            return null;
        }

        var (end, retry) = (decision.End, decision.Retry);
        AttemptRows.End(connection, id, end);
        RunRows.Update(connection, decision.ApplyTo(run));
        RunRows.InsertDecision(connection, id, end.EndedAt, decision.Story);
        var escalation = retry is null ? EscalationRows.Count(connection, run, end, policy) : null;
        SqliteAgentHoldStore.Note(connection, run, end);
        BudgetRows.PauseWhatReachedItsLimit(connection, run, policy.Budget, end.EndedAt);
        var below =
            retry is null && end.State is not (RunState.Succeeded or RunState.NeedsInput)
                ? SubRunRows.Cancel(connection, id, $"the run that asked for it ({id}) is {end.State.Name()}")
                : [];
        return new RunEnded(RunRows.Find(connection, id)!, escalation, below.Count > 0);
    }
}
