using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core.Runs.Contracts;
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
            .Query("SELECT * FROM cycles WHERE run_id = @id", reader => Map(reader, run, Items(connection, run.Id)), ("@id", run.Id))
            .FirstOrDefault();

    public static List<CycleItem> Items(SqliteConnection connection, string id) =>
        connection.Query("SELECT * FROM cycle_items WHERE cycle_id = @id ORDER BY number", MapItem, ("@id", id));

    public static int Insert(SqliteConnection connection, string id, WorkflowDefinition workflow) =>
        connection.Execute(
            "INSERT INTO cycles (run_id, workflow, stage, visit, reworks, retries) VALUES (@id, @workflow, 0, 1, 0, 0)",
            ("@id", id),
            ("@workflow", Write(workflow, CycleJson.Default.WorkflowDefinition))
        );

    public static int Insert(SqliteConnection connection, string id, CycleItem item) =>
        connection.Execute(
            """
            INSERT INTO cycle_items (cycle_id, number, visit, stage, kind, position, name, mode, why, file_pattern, state,
                started_at, work_tree)
            VALUES (@id, @number, @visit, @stage, @kind, @position, @name, @mode, @why, @pattern, @state, @started, @tree)
            """,
            ("@id", id),
            ("@number", item.Number),
            ("@visit", item.Visit),
            ("@stage", item.Stage),
            ("@kind", item.Kind.Name()),
            ("@position", item.Position),
            ("@name", item.Name),
            ("@mode", item.Mode),
            ("@why", item.Why),
            ("@pattern", item.Pattern),
            ("@state", item.State.Name()),
            ("@started", item.StartedAt),
            ("@tree", item.WorkTree)
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
            ("@id", id),
            ("@number", item.Number),
            ("@expected", expected.Name()),
            ("@run", item.RunId),
            ("@state", item.State.Name()),
            ("@reason", Clean(connection, item.Reason)),
            ("@ended", item.EndedAt),
            ("@before", item.Before),
            ("@after", item.After),
            ("@changes", item.Changes is null ? null : Write(item.Changes, CycleJson.Default.StepChanges)),
            ("@marks", item.Marks.Count == 0 ? null : TextLists.Write(item.Marks)),
            ("@noCheckpoint", item.NoCheckpoint),
            ("@output", Clean(connection, item.Output)),
            ("@exit", item.ExitCode),
            ("@tree", item.WorkTree),
            ("@why", item.Why),
            ("@folder", item.Folder),
            ("@hash", item.SecretHash),
            ("@fault", item.Fault is { } fault ? CycleNames.Name(fault) : null)
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
            ("@failure", failure is null ? null : Write(failure, CycleJson.Default.CycleFailure))
        ) == 1;

    /// <summary>Records how a cycle ends. False when that is recorded already.</summary>
    public static bool Judge(SqliteConnection connection, string id, CycleVerdict verdict, bool? hasEffect) =>
        connection.Execute(
            "UPDATE cycles SET verdict = @verdict, has_effect = @effect WHERE run_id = @id AND verdict IS NULL",
            ("@id", id),
            ("@verdict", Write(verdict, CycleJson.Default.CycleVerdict)),
            ("@effect", hasEffect is null ? null : hasEffect.Value)
        ) == 1;

    private static Cycle Map(SqliteDataReader reader, Run run, IReadOnlyList<CycleItem> items) =>
        new(run, Read(reader.Text("workflow"), CycleJson.Default.WorkflowDefinition)!)
        {
            Stage = (int)reader.Integer("stage")!.Value,
            Visit = (int)reader.Integer("visit")!.Value,
            Reworks = (int)reader.Integer("reworks")!.Value,
            Retries = (int)reader.Integer("retries")!.Value,
            Failure = Read(reader.Text("failure"), CycleJson.Default.CycleFailure),
            Verdict = Read(reader.Text("verdict"), CycleJson.Default.CycleVerdict),
            HeldSince = reader.Moment("held_since"),
            HeldReason = reader.Text("held_reason"),
            HasEffect = reader.Integer("has_effect") is { } effect ? effect == 1 : null,
            Items = items,
        };

    private static CycleItem MapItem(SqliteDataReader reader) =>
        new()
        {
            Number = (int)reader.Integer("number")!.Value,
            Visit = (int)reader.Integer("visit")!.Value,
            Stage = (int)reader.Integer("stage")!.Value,
            Kind = CycleNames.Kind(reader.Text("kind")!),
            Position = (int)reader.Integer("position")!.Value,
            Name = reader.Text("name")!,
            Mode = reader.Text("mode"),
            Why = reader.Text("why"),
            Pattern = reader.Text("file_pattern"),
            RunId = reader.Text("run_id"),
            State = CycleNames.State(reader.Text("state")!),
            Reason = reader.Text("reason"),
            StartedAt = reader.Moment("started_at")!.Value,
            EndedAt = reader.Moment("ended_at"),
            Before = reader.Text("before_checkpoint"),
            After = reader.Text("after_checkpoint"),
            Changes = Read(reader.Text("changes"), CycleJson.Default.StepChanges),
            Marks = TextLists.Read(reader.Text("marks")),
            NoCheckpoint = reader.Text("no_checkpoint"),
            Output = reader.Text("output"),
            ExitCode = (int?)reader.Integer("exit_code"),
            WorkTree = reader.Text("work_tree"),
            Folder = reader.Text("folder"),
            SecretHash = reader.Text("secret_hash"),
            Fault = CycleNames.Fault(reader.Text("fault")),
        };

    private static string? Clean(SqliteConnection connection, string? text) => text is null ? null : connection.Redact(text);

    private static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static T? Read<T>(string? json, JsonTypeInfo<T> type)
        where T : class => json is null ? null : JsonSerializer.Deserialize(json, type);
}
