using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>Cycles and their items; used within the transactions of <see cref="PostgresCycleStore"/>.</summary>
internal static class CycleRows
{
    /// <summary>A cycle by its id.</summary>
    public static Cycle? Find(PostgresSession session, string id) =>
        RunRows.Find(session, id) is { } run ? Find(session, run) : null;

    /// <summary>The cycle of a run.</summary>
    public static Cycle? Find(PostgresSession session, Run run)
    {
        var items = session.Query(
            "SELECT * FROM cycle_items WHERE workspace = @workspace AND cycle_id = @id ORDER BY number",
            CycleFields.MapItem,
            ("@id", run.Id)
        );
        return session
            .Query(
                "SELECT * FROM cycles WHERE workspace = @workspace AND run_id = @id",
                row => CycleFields.Map(row, run, items),
                ("@id", run.Id)
            )
            .FirstOrDefault();
    }

    /// <summary>Adds a cycle at its beginning.</summary>
    public static int Insert(PostgresSession session, string id, WorkflowDefinition workflow) =>
        session.Execute(
            """
            INSERT INTO cycles (workspace, run_id, workflow, stage, visit, reworks, retries)
            VALUES (@workspace, @id, @workflow, 0, 1, 0, 0)
            """,
            ("@id", id),
            ("@workflow", CycleFields.Text(workflow))
        );

    /// <summary>Adds an item.</summary>
    public static int Insert(PostgresSession session, string id, CycleItem item) =>
        session.Execute(
            """
            INSERT INTO cycle_items (workspace, cycle_id, number, visit, stage, kind, position, name, mode, why, file_pattern, state,
              started_at, work_tree)
            VALUES (@workspace, @id, @number, @visit, @stage, @kind, @position, @name, @mode, @why, @pattern, @state, @started, @tree)
            """,
            CycleFields.Added(id, item)
        );

    /// <summary>Writes all that may change of an item, if it stands as expected. False when it does not.</summary>
    public static bool Update(PostgresSession session, string id, CycleItem item, CycleItemState expected) =>
        session.Execute(
            """
            UPDATE cycle_items SET run_id = @run, state = @state, reason = @reason, ended_at = @ended, before_checkpoint = @before,
              after_checkpoint = @after, changes = @changes, marks = @marks, no_checkpoint = @noCheckpoint, output = @output,
              exit_code = @exit, work_tree = @tree, why = @why, folder = @folder, secret_hash = @hash, fault = @fault
            WHERE workspace = @workspace AND cycle_id = @id AND number = @number AND state = @expected
            """,
            CycleFields.Changed(id, item, expected, session.Redact)
        ) == 1;

    /// <summary>Has a running command begun anew elsewhere. False when it is over, or somebody else has done so.</summary>
    public static bool Restart(PostgresSession session, string id, CycleItem item, string? folderBefore) =>
        session.Execute(
            """
            UPDATE cycle_items SET folder = @folder, secret_hash = @hash
            WHERE workspace = @workspace AND cycle_id = @id AND number = @number AND state = 'running'
              AND folder IS NOT DISTINCT FROM @before::text
            """,
            ("@id", id),
            ("@number", item.Number),
            ("@folder", item.Folder),
            ("@hash", item.SecretHash),
            ("@before", folderBefore)
        ) == 1;

    /// <summary>Moves a cycle to a further pass, if it is where it was when that was decided. False when it is not.</summary>
    public static bool Move(PostgresSession session, Cycle cycle, int stage, int reworks, int retries, CycleFailure? failure) =>
        session.Execute(
            """
            UPDATE cycles SET stage = @stage, visit = visit + 1, reworks = @reworks, retries = @retries, failure = @failure
            WHERE workspace = @workspace AND run_id = @id AND visit = @visit AND verdict IS NULL
            """,
            ("@id", cycle.Run.Id),
            ("@visit", cycle.Visit),
            ("@stage", stage),
            ("@reworks", reworks),
            ("@retries", retries),
            ("@failure", CycleFields.Text(failure))
        ) == 1;

    /// <summary>Records how a cycle ends. False when that is recorded already.</summary>
    public static bool Judge(PostgresSession session, string id, CycleVerdict verdict, bool? hasEffect) =>
        session.Execute(
            """
            UPDATE cycles SET verdict = @verdict, has_effect = @effect
            WHERE workspace = @workspace AND run_id = @id AND verdict IS NULL
            """,
            ("@id", id),
            ("@verdict", CycleFields.Text(verdict)),
            ("@effect", hasEffect)
        ) == 1;
}
