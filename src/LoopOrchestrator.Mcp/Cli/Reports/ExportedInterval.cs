using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>A row of <c>timing export</c>: its members are the columns, in this order.</summary>
internal sealed record ExportedInterval(
    string TaskId,
    string State,
    string Mode,
    string Priority,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    long? DurationSeconds,
    string Result,
    string Task
)
{
    public static ExportedInterval From(TimingEntry entry) =>
        new(
            entry.TaskId,
            entry.IsComplete ? "complete" : "open",
            entry.Mode,
            entry.Priority,
            entry.StartTime,
            entry.EndTime,
            entry.DurationSeconds,
            entry.Result,
            entry.Task
        );

    /// <summary>The columns of the CSV form, in the order of the members.</summary>
    public static IReadOnlyList<CsvColumn<ExportedInterval>> Columns { get; } =
    [
        new("task_id", static row => row.TaskId),
        new("state", static row => row.State),
        new("mode", static row => row.Mode),
        new("priority", static row => row.Priority),
        new("start_time", static row => row.StartTime),
        new("end_time", static row => row.EndTime),
        new("duration_seconds", static row => row.DurationSeconds),
        new("result", static row => row.Result),
        new("task", static row => row.Task),
    ];
}
