using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Cycles and their items in the database; used within the transactions of <see cref="SqliteCycleStore"/>.</summary>
internal static class CycleRows
{
    public static Cycle? Find(SqliteConnection connection, string id) =>
        RunRows.Find(connection, id) is { } run ? Find(connection, run) : null;

    public static Cycle? Find(SqliteConnection connection, Run run) =>
        connection
            .Query(
                "SELECT * FROM cycles WHERE run_id = @id",
                reader => CycleFields.Map(new SqliteRow(reader), run, Items(connection, run.Id)),
                ("@id", run.Id)
            )
            .FirstOrDefault();

    public static List<CycleItem> Items(SqliteConnection connection, string id) =>
        connection.Query(
            "SELECT * FROM cycle_items WHERE cycle_id = @id ORDER BY number",
            static reader => CycleFields.MapItem(new SqliteRow(reader)),
            ("@id", id)
        );

    public static int Insert(SqliteConnection connection, string id, WorkflowDefinition workflow) =>
        connection.Execute(
            "INSERT INTO cycles (run_id, workflow, stage, visit, reworks, retries) VALUES (@id, @workflow, 0, 1, 0, 0)",
            ("@id", id),
            ("@workflow", CycleFields.Text(workflow))
        );

    public static int Insert(SqliteConnection connection, string id, CycleItem item) =>
        connection.Execute(
            """
            INSERT INTO cycle_items (cycle_id, number, visit, stage, kind, position, name, mode, why, file_pattern, state,
                started_at, work_tree)
            VALUES (@id, @number, @visit, @stage, @kind, @position, @name, @mode, @why, @pattern, @state, @started, @tree)
            """,
            CycleFields.Added(id, item)
        );

    /// <summary>Writes all that may change of an item, if it stands as expected. False when it does not.</summary>
    public static bool Update(SqliteConnection connection, string id, CycleItem item, CycleItemState expected) =>
        connection.Execute(
            """
            UPDATE cycle_items SET run_id = @run, state = @state, reason = @reason, ended_at = @ended, before_checkpoint = @before,
              after_checkpoint = @after,
                changes = @changes, marks = @marks, no_checkpoint = @noCheckpoint, output = @output, exit_code = @exit, work_tree = @tree,
                why = @why, folder = @folder, secret_hash = @hash, fault = @fault
            WHERE cycle_id = @id AND number = @number AND state = @expected
            """,
            CycleFields.Changed(id, item, expected, connection.Redact)
        ) == 1;

    /// <summary>Has a running command begun anew elsewhere. False when it is over, or somebody else has done so.</summary>
    public static bool Restart(SqliteConnection connection, string id, CycleItem item, string? folderBefore) =>
        connection.Execute(
            "UPDATE cycle_items SET folder = @folder, secret_hash = @hash WHERE cycle_id = @id AND number = @number AND "
                + "state = 'running' AND folder IS @before",
            ("@id", id),
            ("@number", item.Number),
            ("@folder", item.Folder),
            ("@hash", item.SecretHash),
            ("@before", folderBefore)
        ) == 1;

    /// <summary>Moves a cycle to a further pass, if it is where it was when that was decided. False when it is not.</summary>
    public static bool Move(SqliteConnection connection, Cycle cycle, int stage, int reworks, int retries, CycleFailure? failure) =>
        connection.Execute(
            """
            UPDATE cycles SET stage = @stage, visit = visit + 1, reworks = @reworks, retries = @retries, failure = @failure
            WHERE run_id = @id AND visit = @visit AND verdict IS NULL
            """,
            ("@id", cycle.Run.Id),
            ("@visit", cycle.Visit),
            ("@stage", stage),
            ("@reworks", reworks),
            ("@retries", retries),
            ("@failure", CycleFields.Text(failure))
        ) == 1;

    /// <summary>Records how a cycle ends. False when that is recorded already.</summary>
    public static bool Judge(SqliteConnection connection, string id, CycleVerdict verdict, bool? hasEffect) =>
        connection.Execute(
            "UPDATE cycles SET verdict = @verdict, has_effect = @effect WHERE run_id = @id AND verdict IS NULL",
            ("@id", id),
            ("@verdict", CycleFields.Text(verdict)),
            ("@effect", hasEffect is null ? null : hasEffect.Value)
        ) == 1;
}
