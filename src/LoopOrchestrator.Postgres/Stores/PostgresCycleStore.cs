using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The cycles of one workspace. Safe for many threads.</summary>
internal sealed class PostgresCycleStore(PostgresDatabase database) : ICycleStore
{
    /// <inheritdoc/>
    public Task<Cycle?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => CycleRows.Find(session, id), cancellationToken);

    /// <inheritdoc/>
    public Task<(Cycle Cycle, CycleItem Item)?> OfStepAsync(Run run, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.ReadAsync<(Cycle, CycleItem)?>(
            session =>
                run.CycleId is { } id
                && CycleRows.Find(session, id) is { } cycle
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
            session =>
                session
                    .Query(
                        "SELECT runs.* FROM runs JOIN cycles ON cycles.workspace = @workspace AND cycles.run_id = runs.id "
                            + $"{RunFilterRows.Where(filter)} {RunFilterRows.Order}",
                        RunFields.Map,
                        RunFilterRows.Parameters(filter)
                    )
                    .ConvertAll(run => CycleRows.Find(session, run)!),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            static session =>
                session.Query(
                    $"""
                    SELECT * FROM runs WHERE workspace = @workspace AND state IN ('queued', 'running') AND kind = 'cycle'
                    ORDER BY {QueueRows.StartOrder}
                    """,
                    RunFields.Map
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
            session =>
                RunRows.TryStart(session, run.Id, new RunStart(now) { Command = $"workflow {workflow.Name}" })
                && CycleRows.Insert(session, run.Id, workflow) + AddDecision(session, run.Id, now, CycleStory.Begins(workflow)) > 0,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryPrepareAsync(Cycle cycle, IReadOnlyList<CycleItem> items, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session => IsCurrent(session, cycle) && items.Sum(item => CycleRows.Insert(session, cycle.Run.Id, item)) == items.Count,
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
            session =>
            {
                if (
                    !session.Holds(
                        """
                        SELECT EXISTS (SELECT 1 FROM cycle_items
                          WHERE workspace = @workspace AND cycle_id = @id AND number = @number AND state = 'preparing')
                        """,
                        ("@id", cycle.Run.Id),
                        ("@number", item.Number)
                    ) || CycleRows.Find(session, cycle.Run.Id) is not { Verdict: null, Run.CancelReason: null }
                )
                {
                    return false;
                }

                if (run is not null)
                {
                    RunRows.Insert(session, run);
                    RunRows.InsertDecision(session, run.Id, now, item.Why ?? $"a step of cycle {cycle.Run.Id}");
                }

                return CycleRows.Update(session, cycle.Run.Id, item with { State = CycleItemState.Running }, CycleItemState.Preparing)
                    && AddDecision(session, cycle.Run.Id, now, CycleStory.Begins(cycle, item, run?.Id)) == 1;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryRestartAsync(Cycle cycle, CycleItem item, string? folderBefore, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => CycleRows.Restart(session, cycle.Run.Id, item, folderBefore), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryRecordEndAsync(
        Cycle cycle,
        CycleItem item,
        CycleItemState expected,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
                CycleRows.Update(session, cycle.Run.Id, item, expected)
                && AddDecision(session, cycle.Run.Id, now, CycleStory.Ended(cycle, item)) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task MarkAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => CycleRows.Update(session, cycle.Run.Id, item, item.State), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryWithdrawAsync(Cycle cycle, CycleItem item, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                CycleRows.Update(session, cycle.Run.Id, item, CycleItemState.Running)
                && AddDecision(session, cycle.Run.Id, now, CycleStory.Ended(cycle, item)) == 1
                && (
                    session.Execute(
                        """
                        UPDATE runs SET state = 'cancelled', reason = @reason
                        WHERE workspace = @workspace AND id = @id AND state = 'needs_input'
                        """,
                        ("@id", item.RunId),
                        ("@reason", item.Reason)
                    ) == 0
                    || AddDecision(session, item.RunId!, now, $"cancelled: {item.Reason}") == 1
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task NoteEffectAsync(Cycle cycle, bool? hasEffect, CancellationToken cancellationToken = default) =>
        hasEffect == cycle.HasEffect
            ? Task.CompletedTask
            : database.WriteAsync(
                session =>
                    session.Execute(
                        "UPDATE cycles SET has_effect = @effect WHERE workspace = @workspace AND run_id = @id",
                        ("@id", cycle.Run.Id),
                        ("@effect", hasEffect)
                    ),
                cancellationToken
            );

    /// <inheritdoc/>
    public Task<bool> TryAdvanceAsync(Cycle cycle, int stage, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                CycleRows.Move(
                    session,
                    cycle,
                    stage,
                    cycle.Reworks,
                    retries: 0,
                    cycle.Failure?.Stage == cycle.CurrentStage.Name ? null : cycle.Failure
                )
                && AddDecision(session, cycle.Run.Id, now, CycleStory.Advances(cycle, stage)) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryGoBackAsync(
        Cycle cycle,
        CycleMove.GoBack back,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
                CycleRows.Move(
                    session,
                    cycle,
                    back.Stage,
                    cycle.Reworks + (back.IsRework ? 1 : 0),
                    back.IsRework ? 0 : cycle.Retries + 1,
                    back.Failure
                )
                && AddDecision(session, cycle.Run.Id, now, CycleStory.GoesBack(cycle, back)) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryJudgeAsync(
        Cycle cycle,
        CycleVerdict verdict,
        bool? hasEffect,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
            {
                if (!CycleRows.Judge(session, cycle.Run.Id, verdict, hasEffect))
                {
                    return false;
                }

                SubRunRows.Cancel(session, cycle.Run.Id, $"the cycle that it belongs to ({cycle.Run.Id}) ends: {verdict.Reason}");
                return AddDecision(session, cycle.Run.Id, now, CycleStory.Ends(verdict)) == 1;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HoldAsync(Cycle cycle, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    UPDATE cycles SET held_since = COALESCE(held_since, @now), held_reason = @reason
                    WHERE workspace = @workspace AND run_id = @id AND held_reason IS DISTINCT FROM @reason
                    """,
                    ("@id", cycle.Run.Id),
                    ("@now", now),
                    ("@reason", reason)
                ) == 1
                && AddDecision(session, cycle.Run.Id, now, $"held: {reason}") == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(Cycle cycle, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    UPDATE runs SET deadline_at = deadline_at + GREATEST(interval '0', @now - cycles.held_since)
                    FROM cycles
                    WHERE runs.workspace = @workspace AND runs.id = @id
                      AND cycles.workspace = @workspace AND cycles.run_id = @id AND cycles.held_since IS NOT NULL
                    """,
                    ("@id", cycle.Run.Id),
                    ("@now", now)
                ) == 1
                && session.Execute(
                    "UPDATE cycles SET held_since = NULL, held_reason = NULL WHERE workspace = @workspace AND run_id = @id",
                    ("@id", cycle.Run.Id)
                ) == 1
                && AddDecision(session, cycle.Run.Id, now, "it goes on") == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> WereIdleAsync(Cycle cycle, string step, int count, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session.Query(
                    """
                    SELECT has_effect FROM cycles JOIN runs ON runs.workspace = @workspace AND runs.id = cycles.run_id
                    WHERE cycles.workspace = @workspace AND cycles.run_id <> @id AND runs.ended_at IS NOT NULL
                      AND runs.state IN ('succeeded', 'failed', 'timed_out')
                      AND runs.schedule_id IS NOT DISTINCT FROM @schedule::text AND (@schedule::text IS NOT NULL OR runs.task = @task)
                      AND runs.ended_at > COALESCE(
                        (SELECT MAX(resolved_at) FROM escalations WHERE workspace = @workspace AND step = @step), '-infinity')
                    ORDER BY runs.ended_at DESC, runs.id DESC LIMIT @count
                    """,
                    static row => row.Flag("has_effect"),
                    ("@id", cycle.Run.Id),
                    ("@schedule", cycle.Run.ScheduleId),
                    ("@task", cycle.Run.Task),
                    ("@step", step),
                    ("@count", count)
                )
                    is { } effects
                && effects.Count == count
                && effects.TrueForAll(static effect => effect == false),
            cancellationToken
        );

    private static bool IsCurrent(PostgresSession session, Cycle cycle) =>
        CycleRows.Find(session, cycle.Run.Id) is { Verdict: null, Run.State: RunState.Running, Run.CancelReason: null } now
        && now.Visit == cycle.Visit
        && now.Items.Count == cycle.Items.Count;

    private static int AddDecision(PostgresSession session, string id, DateTimeOffset now, string text) =>
        RunRows.InsertDecision(session, id, now, text);
}
