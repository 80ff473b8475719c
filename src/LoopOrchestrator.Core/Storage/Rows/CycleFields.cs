using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>What is kept of cycles and their items in columns, for all backends.</summary>
internal static class CycleFields
{
    /// <summary>What is written of a new item.</summary>
    public static (string Name, object? Value)[] Added(string cycleId, CycleItem item) =>
        [
            ("@id", cycleId),
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
            ("@tree", item.WorkTree),
        ];

    /// <summary>All that may change of an item.</summary>
    /// <param name="cycleId">Its cycle.</param>
    /// <param name="item">The item.</param>
    /// <param name="expected">How it stands before.</param>
    /// <param name="redact">What takes credentials out of texts that are kept for people.</param>
    public static (string Name, object? Value)[] Changed(
        string cycleId,
        CycleItem item,
        CycleItemState expected,
        Func<string, string> redact
    ) =>
        [
            ("@id", cycleId),
            ("@number", item.Number),
            ("@expected", expected.Name()),
            ("@run", item.RunId),
            ("@state", item.State.Name()),
            ("@reason", item.Reason is { } reason ? redact(reason) : null),
            ("@ended", item.EndedAt),
            ("@before", item.Before),
            ("@after", item.After),
            ("@changes", item.Changes is null ? null : Write(item.Changes, CycleJson.Default.StepChanges)),
            ("@marks", item.Marks.Count == 0 ? null : TextLists.Write(item.Marks)),
            ("@noCheckpoint", item.NoCheckpoint),
            ("@output", item.Output is { } output ? redact(output) : null),
            ("@exit", item.ExitCode),
            ("@tree", item.WorkTree),
            ("@why", item.Why),
            ("@folder", item.Folder),
            ("@hash", item.SecretHash),
            ("@fault", item.Fault is { } fault ? CycleNames.Name(fault) : null),
        ];

    /// <summary>A workflow as it is kept.</summary>
    public static string Text(WorkflowDefinition workflow) => Write(workflow, CycleJson.Default.WorkflowDefinition);

    /// <summary>Why a cycle was sent back, as it is kept.</summary>
    public static string? Text(CycleFailure? failure) => failure is null ? null : Write(failure, CycleJson.Default.CycleFailure);

    /// <summary>How a cycle ends, as it is kept.</summary>
    public static string Text(CycleVerdict verdict) => Write(verdict, CycleJson.Default.CycleVerdict);

    /// <summary>A cycle, of its row, its run and its items.</summary>
    public static Cycle Map<TRow>(TRow row, Run run, IReadOnlyList<CycleItem> items)
        where TRow : struct, IRow =>
        new(run, Read(row.Text("workflow"), CycleJson.Default.WorkflowDefinition)!)
        {
            Stage = (int)row.Integer("stage")!.Value,
            Visit = (int)row.Integer("visit")!.Value,
            Reworks = (int)row.Integer("reworks")!.Value,
            Retries = (int)row.Integer("retries")!.Value,
            Failure = Read(row.Text("failure"), CycleJson.Default.CycleFailure),
            Verdict = Read(row.Text("verdict"), CycleJson.Default.CycleVerdict),
            HeldSince = row.Moment("held_since"),
            HeldReason = row.Text("held_reason"),
            HasEffect = row.Flag("has_effect"),
            Items = items,
        };

    /// <summary>An item.</summary>
    public static CycleItem MapItem<TRow>(TRow row)
        where TRow : struct, IRow =>
        new()
        {
            Number = (int)row.Integer("number")!.Value,
            Visit = (int)row.Integer("visit")!.Value,
            Stage = (int)row.Integer("stage")!.Value,
            Kind = CycleNames.Kind(row.Text("kind")!),
            Position = (int)row.Integer("position")!.Value,
            Name = row.Text("name")!,
            Mode = row.Text("mode"),
            Why = row.Text("why"),
            Pattern = row.Text("file_pattern"),
            RunId = row.Text("run_id"),
            State = CycleNames.State(row.Text("state")!),
            Reason = row.Text("reason"),
            StartedAt = row.Moment("started_at")!.Value,
            EndedAt = row.Moment("ended_at"),
            Before = row.Text("before_checkpoint"),
            After = row.Text("after_checkpoint"),
            Changes = Read(row.Text("changes"), CycleJson.Default.StepChanges),
            Marks = TextLists.Read(row.Text("marks")),
            NoCheckpoint = row.Text("no_checkpoint"),
            Output = row.Text("output"),
            ExitCode = (int?)row.Integer("exit_code"),
            WorkTree = row.Text("work_tree"),
            Folder = row.Text("folder"),
            SecretHash = row.Text("secret_hash"),
            Fault = CycleNames.Fault(row.Text("fault")),
        };

    private static string Write<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.Serialize(value, type);

    private static T? Read<T>(string? json, JsonTypeInfo<T> type)
        where T : class => json is null ? null : JsonSerializer.Deserialize(json, type);
}
