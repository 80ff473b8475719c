using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Workflows.Cycles;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// What was going on where a state was taken from, in the database that it was put into: nothing of it goes on here, and whoever looked
/// after it as if it did would meet processes that are another workspace's.
/// </summary>
internal static class MovedRunRows
{
    private const string Why = "it was going on in the workspace that was exported; what became of it there is not known here";

    /// <summary>
    /// Ends it, as of the moment at which the state was taken. No step counts it as a failure. A hand-off that was reported already ends as
    /// reported, and a check of a due moment is asked anew.
    /// </summary>
    public static void Interrupt(SqliteConnection connection, DateTimeOffset takenAt)
    {
        foreach (var run in connection.Query("SELECT * FROM runs WHERE state = 'running' ORDER BY depth, id", RunRows.Map))
        {
            var since = run.AttemptStartedAt ?? run.StartedAt ?? run.CreatedAt;
            var at = takenAt > since ? takenAt : since;
            var end = run is { AgentKind: AgentKind.Handoff, ReportedOutcome: { } reported }
                ? new RunEnd(reported, at, "reported by its agent")
                : new RunEnd(RunState.Interrupted, at, Why);
            var decision = new RunEndDecision(run.Attempt, end, Retry: null, run.Tries);
            AttemptRows.End(connection, run.Id, end);
            RunRows.Update(connection, decision.ApplyTo(run));
            RunRows.InsertDecision(connection, run.Id, at, decision.Story);
            if (end.State is not (RunState.Succeeded or RunState.NeedsInput))
            {
                SubRunRows.Cancel(connection, run.Id, $"the run that asked for it ({run.Id}) is {end.State.Name()}");
            }
        }

        // A cycle that has ended takes no answer any more, and nobody else ends a step of it that asks.
        const string asks = "it asked in a cycle that was going on in the workspace that was exported";
        foreach (
            var run in connection.Query(
                """
                SELECT * FROM runs WHERE state = 'needs_input'
                  AND cycle_id IN (SELECT cycle.id FROM runs AS cycle WHERE cycle.state NOT IN ('queued', 'running'))
                """,
                RunRows.Map
            )
        )
        {
            connection.Execute("UPDATE runs SET state = 'cancelled', reason = @reason WHERE id = @id", ("@id", run.Id), ("@reason", asks));
            RunRows.InsertDecision(connection, run.Id, takenAt, $"cancelled: {asks}");
        }

        // The folders that steps worked in are not among what is moved, and a path of another machine is none here.
        connection.Execute("UPDATE cycle_items SET work_tree = NULL WHERE work_tree IS NOT NULL");
        connection.Execute(
            "UPDATE cycle_items SET state = @interrupted, reason = @why, ended_at = MAX(started_at, @at) "
                + "WHERE state IN (@preparing, @running)",
            ("@interrupted", CycleItemState.Interrupted.Name()),
            ("@preparing", CycleItemState.Preparing.Name()),
            ("@running", CycleItemState.Running.Name()),
            ("@why", Why),
            ("@at", takenAt)
        );
        connection.Execute("UPDATE occurrences SET check_folder = NULL, check_hash = NULL WHERE check_folder IS NOT NULL");
    }
}
