using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.State;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// The cycles of one workspace in its database. Every transition is one transaction that names what it changes from, and has its line in
/// the decisions of the cycle's run: so of several processes that try the same one succeeds, and the story has each once. Safe for many threads.
/// </summary>
public sealed class CycleStore(StateDatabase database)
{
    /// <summary>The cycle, or <see langword="null"/> when there is none of that id.</summary>
    public Task<Cycle?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => CycleRows.Find(connection, id), cancellationToken);

    /// <summary>The cycle and item that a step's run belongs to; <see langword="null"/> for any other run.</summary>
    public Task<(Cycle Cycle, CycleItem Item)?> OfStepAsync(Run run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.ReadAsync<(Cycle, CycleItem)?>(
            connection => run.CycleId is { } id && CycleRows.Find(connection, id) is { } cycle && cycle.Items.FirstOrDefault(item => item.RunId == run.Id) is { } item ? (cycle, item) : null,
            cancellationToken);
    }

    /// <summary>Lists cycles that have begun, newest first, without their items' order being changed.</summary>
    public Task<IReadOnlyList<Cycle>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return database.ReadAsync<IReadOnlyList<Cycle>>(
            connection => connection.Query(
                """
                SELECT runs.* FROM runs JOIN cycles ON cycles.run_id = runs.id
                WHERE (@state IS NULL OR state = @state) AND (@schedule IS NULL OR schedule_id = @schedule)
                  AND (@before IS NULL OR created_at < @before OR (created_at = @before AND id < @beforeId))
                ORDER BY created_at DESC, id DESC LIMIT @limit
                """,
                RunStore.Map,
                ("@state", filter.State?.Name()),
                ("@schedule", filter.ScheduleId),
                ("@before", filter.Before?.CreatedAt),
                ("@beforeId", filter.Before?.Id),
                ("@limit", filter.Limit)).ConvertAll(run => CycleRows.Find(connection, run)!),
            cancellationToken);
    }

    /// <summary>The runs of kind workflow that wait to begin or go on, by priority and then oldest first.</summary>
    internal Task<IReadOnlyList<Run>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            static connection => connection.Query(
                "SELECT * FROM runs WHERE state IN ('queued', 'running') AND agent_kind = 'workflow' ORDER BY CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END, created_at, id",
                RunStore.Map),
            cancellationToken);

    /// <summary>Begins a queued cycle: its run and its place in the first stage, both or neither. False when it may not begin now.</summary>
    internal Task<bool> TryStartAsync(Run run, WorkflowDefinition workflow, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => RunStore.TryStart(connection, run.Id, new RunStart(now) { Command = $"workflow {workflow.Name}" })
                && CycleRows.Insert(connection, run.Id, workflow) + Tell(connection, run.Id, now, $"stage '{workflow.Stages[0].Name}' begins") > 0,
            cancellationToken);

    /// <summary>Enters items that were decided on. False when the cycle has gone on since.</summary>
    internal Task<bool> TryPrepareAsync(Cycle cycle, IReadOnlyList<CycleItem> items, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => IsCurrent(connection, cycle) && items.Sum(item => CycleRows.Insert(connection, cycle.Run.Id, item)) == items.Count,
            cancellationToken);

    /// <summary>Begins a prepared item, for a step with its run in the queue: both or neither. False when it is begun already.</summary>
    internal Task<bool> TryBeginAsync(Cycle cycle, CycleItem item, Run? run, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (connection.Scalar("SELECT COUNT(*) FROM cycle_items WHERE cycle_id = @id AND number = @number AND state = 'preparing'", ("@id", cycle.Run.Id), ("@number", item.Number)) == 0
                    || CycleRows.Find(connection, cycle.Run.Id) is not { Verdict: null, Run.CancelReason: null })
                {
                    return false;
                }

                if (run is not null)
                {
                    RunStore.Insert(connection, run);
                    RunStore.InsertDecision(connection, run.Id, now, item.Why ?? $"a step of cycle {cycle.Run.Id}");
                }

                return CycleRows.Update(connection, cycle.Run.Id, item with { State = CycleItemState.Running }, CycleItemState.Preparing)
                    && Tell(connection, cycle.Run.Id, now, Story(cycle, item, run is null ? "begins" : $"begins as {run.Id}{(item.Why is null ? "" : $" ({item.Why})")}")) == 1;
            },
            cancellationToken);

    /// <summary>Records that a command is begun anew, because whoever recorded its begin ended before it was started. False when that is not so any more.</summary>
    internal Task<bool> TryRestartAsync(Cycle cycle, CycleItem item, string? folderBefore, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => CycleRows.Restart(connection, cycle.Run.Id, item, folderBefore), cancellationToken);

    /// <summary>Records how an item ended. False when it has ended already.</summary>
    internal Task<bool> TrySettleAsync(Cycle cycle, CycleItem item, CycleItemState expected, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => CycleRows.Update(connection, cycle.Run.Id, item, expected)
                && Tell(connection, cycle.Run.Id, now, Story(cycle, item, Ending(item))) == 1,
            cancellationToken);

    /// <summary>Records the end of a step that waits for an answer; its run waits for none any more. False when it has ended already.</summary>
    internal Task<bool> TryWithdrawAsync(Cycle cycle, CycleItem item, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => CycleRows.Update(connection, cycle.Run.Id, item, CycleItemState.Running)
                && Tell(connection, cycle.Run.Id, now, Story(cycle, item, Ending(item))) == 1
                && (connection.Execute("UPDATE runs SET state = 'cancelled', reason = @reason WHERE id = @id AND state = 'needs_input'", ("@id", item.RunId), ("@reason", item.Reason)) == 0
                    || Tell(connection, item.RunId!, now, $"cancelled: {item.Reason}") == 1),
            cancellationToken);

    /// <summary>Records whether a cycle changed anything, once all below it has ended.</summary>
    internal Task NoteEffectAsync(Cycle cycle, bool? hasEffect, CancellationToken cancellationToken = default) =>
        hasEffect == cycle.HasEffect ? Task.CompletedTask : database.WriteAsync(
            (connection, _) => connection.Execute("UPDATE cycles SET has_effect = @effect WHERE run_id = @id", ("@id", cycle.Run.Id), ("@effect", hasEffect is null ? null : hasEffect.Value)),
            cancellationToken);

    /// <summary>Goes on to the next stage. False when it has gone on already.</summary>
    internal Task<bool> TryAdvanceAsync(Cycle cycle, int stage, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => CycleRows.Move(connection, cycle, stage, cycle.Reworks, retries: 0, cycle.Failure?.Stage == cycle.CurrentStage.Name ? null : cycle.Failure)
                && Tell(connection, cycle.Run.Id, now, $"stage '{cycle.CurrentStage.Name}' is done; stage '{cycle.Workflow.Stages[stage].Name}' begins") == 1,
            cancellationToken);

    /// <summary>Goes back to a stage. False when it has gone on already.</summary>
    internal Task<bool> TryGoBackAsync(Cycle cycle, CycleMove.GoBack back, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        var text = back.IsRework
            ? $"rework {cycle.Reworks + 1} of {cycle.Workflow.MaxReworks}: {back.Failure.What} failed ({back.Failure.Reason}); back to stage '{cycle.Workflow.Stages[back.Stage].Name}'"
            : $"retry {cycle.Retries + 1} of {cycle.CurrentStage.OnFailure.MostRetries} of stage '{cycle.CurrentStage.Name}': {back.Failure.What} failed ({back.Failure.Reason})";
        return database.WriteAsync(
            (connection, _) => CycleRows.Move(connection, cycle, back.Stage, cycle.Reworks + (back.IsRework ? 1 : 0), back.IsRework ? 0 : cycle.Retries + 1, back.Failure)
                && Tell(connection, cycle.Run.Id, now, text) == 1,
            cancellationToken);
    }

    /// <summary>Records how a cycle will end, and asks for the end of all that goes on below it. False when that is recorded already.</summary>
    internal Task<bool> TryJudgeAsync(Cycle cycle, CycleVerdict verdict, bool? hasEffect, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (!CycleRows.Judge(connection, cycle.Run.Id, verdict, hasEffect))
                {
                    return false;
                }

                SubRunRows.Cancel(connection, cycle.Run.Id, $"the cycle that it belongs to ({cycle.Run.Id}) ends: {verdict.Reason}");
                return Tell(connection, cycle.Run.Id, now, $"the cycle ends: {verdict.State.Name()}, {verdict.Reason}{(verdict.Escalates ? "; it escalates" : "")}") == 1;
            },
            cancellationToken);

    /// <summary>Notes that nothing is begun for now, and why; its time limit stands still from here on.</summary>
    internal Task<bool> HoldAsync(Cycle cycle, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE cycles SET held_since = COALESCE(held_since, @now), held_reason = @reason WHERE run_id = @id AND held_reason IS NOT @reason",
                ("@id", cycle.Run.Id),
                ("@now", now),
                ("@reason", reason)) == 1
                && Tell(connection, cycle.Run.Id, now, $"held: {reason}") == 1,
            cancellationToken);

    /// <summary>Ends a hold: the time limit is as far away as it was when it began.</summary>
    internal Task<bool> ReleaseAsync(Cycle cycle, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE runs SET deadline_at = deadline_at + MAX(0, @now - (SELECT held_since FROM cycles WHERE run_id = @id)) WHERE id = @id AND (SELECT held_since FROM cycles WHERE run_id = @id) IS NOT NULL",
                ("@id", cycle.Run.Id),
                ("@now", now)) == 1
                && connection.Execute("UPDATE cycles SET held_since = NULL, held_reason = NULL WHERE run_id = @id", ("@id", cycle.Run.Id)) == 1
                && Tell(connection, cycle.Run.Id, now, "it goes on") == 1,
            cancellationToken);

    /// <summary>Why nothing of a schedule may be begun now; <see langword="null"/> when it may.</summary>
    internal Task<string?> PauseReasonAsync(string? scheduleId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => PauseRows.Reason(connection, scheduleId), cancellationToken);

    /// <summary>Whether the latest cycles of the same work, this one not counted, all ended without any effect since its last escalation was resolved.</summary>
    /// <param name="cycle">The one that ends now.</param>
    /// <param name="step">The key of its work, as escalations count it.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<bool> WereIdleAsync(Cycle cycle, string step, int count, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection => connection.Query(
                """
                SELECT has_effect FROM cycles JOIN runs ON runs.id = run_id
                WHERE run_id <> @id AND ended_at IS NOT NULL AND state IN ('succeeded', 'failed', 'timed_out')
                  AND schedule_id IS @schedule AND (@schedule IS NOT NULL OR task = @task)
                  AND ended_at > COALESCE((SELECT MAX(resolved_at) FROM escalations WHERE step = @step), 0)
                ORDER BY ended_at DESC, id DESC LIMIT @count
                """,
                static reader => reader.Integer("has_effect"),
                ("@id", cycle.Run.Id),
                ("@schedule", cycle.Run.ScheduleId),
                ("@task", cycle.Run.Task),
                ("@step", step),
                ("@count", count)) is { } effects && effects.Count == count && effects.TrueForAll(static effect => effect == 0),
            cancellationToken);

    private static bool IsCurrent(SqliteConnection connection, Cycle cycle) =>
        CycleRows.Find(connection, cycle.Run.Id) is { Verdict: null, Run.State: RunState.Running, Run.CancelReason: null } now && now.Visit == cycle.Visit && now.Items.Count == cycle.Items.Count;

    private static string Story(Cycle cycle, CycleItem item, string what) => $"{CycleRules.Describe(cycle.Workflow.Stages[item.Stage], item)} {what}";

    private static string Ending(CycleItem item) =>
        $"{item.State.Name()}{(item.Reason is null ? "" : $": {item.Reason}")}{(item.Changes is null ? "" : $"; {item.Changes}")}{string.Concat(item.Marks.Select(static mark => $"; note: {mark}"))}";

    private static int Tell(SqliteConnection connection, string id, DateTimeOffset now, string text) => RunStore.InsertDecision(connection, id, now, text);
}
