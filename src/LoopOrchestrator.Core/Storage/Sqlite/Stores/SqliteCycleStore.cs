using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The cycles of one workspace in its database. Safe for many threads.</summary>
internal sealed class SqliteCycleStore(StateDatabase database) : ICycleStore
{
    /// <inheritdoc/>
    public Task<Cycle?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => CycleRows.Find(connection, id), cancellationToken);

    /// <inheritdoc/>
    public Task<(Cycle Cycle, CycleItem Item)?> OfStepAsync(Run run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.ReadAsync<(Cycle, CycleItem)?>(
            connection =>
                run.CycleId is { } id
                && CycleRows.Find(connection, id) is { } cycle
                && cycle.Items.FirstOrDefault(item => item.RunId == run.Id) is { } item
                    ? (cycle, item)
                    : null,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Cycle>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return database.ReadAsync<IReadOnlyList<Cycle>>(
            connection =>
                connection
                    .Query(
                        "SELECT runs.* FROM runs JOIN cycles ON cycles.run_id = runs.id "
                            + $"{RunFilterRows.Where(filter)} {RunFilterRows.Order}",
                        RunRows.Map,
                        RunFilterRows.Parameters(filter)
                    )
                    .ConvertAll(run => CycleRows.Find(connection, run)!),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            static connection =>
                connection.Query(
                    $"SELECT * FROM runs WHERE state IN ('queued', 'running') AND kind = 'cycle' ORDER BY {QueueRows.StartOrder}",
                    RunRows.Map
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryStartAsync(
        Run run,
        WorkflowDefinition workflow,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            (connection, _) =>
                RunRows.TryStart(connection, run.Id, new RunStart(now) { Command = $"workflow {workflow.Name}" })
                && CycleRows.Insert(connection, run.Id, workflow) + AddDecision(connection, run.Id, now, CycleStory.Begins(workflow)) > 0,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryPrepareAsync(Cycle cycle, IReadOnlyList<CycleItem> items, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                IsCurrent(connection, cycle) && items.Sum(item => CycleRows.Insert(connection, cycle.Run.Id, item)) == items.Count,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryBeginAsync(
        Cycle cycle,
        CycleItem item,
        Run? run,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (
                    connection.Scalar(
                        "SELECT COUNT(*) FROM cycle_items WHERE cycle_id = @id AND number = @number AND state = 'preparing'",
                        ("@id", cycle.Run.Id),
                        ("@number", item.Number)
                    ) == 0
                    || CycleRows.Find(connection, cycle.Run.Id) is not { Verdict: null, Run.CancelReason: null }
                )
                {
                    return false;
                }

                if (run is not null)
                {
                    RunRows.Insert(connection, run);
                    RunRows.InsertDecision(connection, run.Id, now, item.Why ?? $"a step of cycle {cycle.Run.Id}");
                }

                return CycleRows.Update(connection, cycle.Run.Id, item with { State = CycleItemState.Running }, CycleItemState.Preparing)
                    && AddDecision(connection, cycle.Run.Id, now, CycleStory.Begins(cycle, item, run?.Id)) == 1;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryRestartAsync(Cycle cycle, CycleItem item, string? folderBefore, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => CycleRows.Restart(connection, cycle.Run.Id, item, folderBefore), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryRecordEndAsync(
        Cycle cycle,
        CycleItem item,
        CycleItemState expected,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            (connection, _) =>
                CycleRows.Update(connection, cycle.Run.Id, item, expected)
                && AddDecision(connection, cycle.Run.Id, now, CycleStory.Ended(cycle, item)) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task MarkAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => CycleRows.Update(connection, cycle.Run.Id, item, item.State), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryWithdrawAsync(Cycle cycle, CycleItem item, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                CycleRows.Update(connection, cycle.Run.Id, item, CycleItemState.Running)
                && AddDecision(connection, cycle.Run.Id, now, CycleStory.Ended(cycle, item)) == 1
                && (
                    connection.Execute(
                        "UPDATE runs SET state = 'cancelled', reason = @reason WHERE id = @id AND state = 'needs_input'",
                        ("@id", item.RunId),
                        ("@reason", item.Reason)
                    ) == 0
                    || AddDecision(connection, item.RunId!, now, $"cancelled: {item.Reason}") == 1
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task NoteEffectAsync(Cycle cycle, bool? hasEffect, CancellationToken cancellationToken = default) =>
        hasEffect == cycle.HasEffect
            ? Task.CompletedTask
            : database.WriteAsync(
                (connection, _) =>
                    connection.Execute(
                        "UPDATE cycles SET has_effect = @effect WHERE run_id = @id",
                        ("@id", cycle.Run.Id),
                        ("@effect", hasEffect is null ? null : hasEffect.Value)
                    ),
                cancellationToken
            );

    /// <inheritdoc/>
    public Task<bool> TryAdvanceAsync(Cycle cycle, int stage, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                CycleRows.Move(
                    connection,
                    cycle,
                    stage,
                    cycle.Reworks,
                    retries: 0,
                    cycle.Failure?.Stage == cycle.CurrentStage.Name ? null : cycle.Failure
                )
                && AddDecision(connection, cycle.Run.Id, now, CycleStory.Advances(cycle, stage)) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryGoBackAsync(Cycle cycle, CycleMove.GoBack back, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        return database.WriteAsync(
            (connection, _) =>
                CycleRows.Move(
                    connection,
                    cycle,
                    back.Stage,
                    cycle.Reworks + (back.IsRework ? 1 : 0),
                    back.IsRework ? 0 : cycle.Retries + 1,
                    back.Failure
                )
                && AddDecision(connection, cycle.Run.Id, now, CycleStory.GoesBack(cycle, back)) == 1,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<bool> TryJudgeAsync(
        Cycle cycle,
        CycleVerdict verdict,
        bool? hasEffect,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (!CycleRows.Judge(connection, cycle.Run.Id, verdict, hasEffect))
                {
                    return false;
                }

                SubRunRows.Cancel(connection, cycle.Run.Id, $"the cycle that it belongs to ({cycle.Run.Id}) ends: {verdict.Reason}");
                return AddDecision(connection, cycle.Run.Id, now, CycleStory.Ends(verdict)) == 1;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HoldAsync(Cycle cycle, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    "UPDATE cycles SET held_since = COALESCE(held_since, @now), held_reason = @reason WHERE run_id = @id "
                        + "AND held_reason IS NOT @reason",
                    ("@id", cycle.Run.Id),
                    ("@now", now),
                    ("@reason", reason)
                ) == 1
                && AddDecision(connection, cycle.Run.Id, now, $"held: {reason}") == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(Cycle cycle, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    "UPDATE runs SET deadline_at = deadline_at + MAX(0, @now - (SELECT held_since FROM cycles WHERE "
                        + "run_id = @id)) WHERE id = @id AND (SELECT held_since FROM cycles WHERE run_id = @id) IS NOT NULL",
                    ("@id", cycle.Run.Id),
                    ("@now", now)
                ) == 1
                && connection.Execute("UPDATE cycles SET held_since = NULL, held_reason = NULL WHERE run_id = @id", ("@id", cycle.Run.Id))
                    == 1
                && AddDecision(connection, cycle.Run.Id, now, "it goes on") == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> WereIdleAsync(Cycle cycle, string step, int count, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection.Query(
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
                    ("@count", count)
                )
                    is { } effects
                && effects.Count == count
                && effects.TrueForAll(static effect => effect == 0),
            cancellationToken
        );

    private static bool IsCurrent(SqliteConnection connection, Cycle cycle) =>
        CycleRows.Find(connection, cycle.Run.Id) is { Verdict: null, Run.State: RunState.Running, Run.CancelReason: null } now
        && now.Visit == cycle.Visit
        && now.Items.Count == cycle.Items.Count;

    private static int AddDecision(SqliteConnection connection, string id, DateTimeOffset now, string text) =>
        RunRows.InsertDecision(connection, id, now, text);
}
