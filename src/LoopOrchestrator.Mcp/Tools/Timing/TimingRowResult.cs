using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>A row of the time log as tools show it.</summary>
internal sealed record TimingRowResult(
    string TaskId,
    string Task,
    string Mode,
    string Priority,
    DateTimeOffset? StartTime,
    DateTimeOffset? EndTime,
    long? DurationSeconds,
    string Result
)
{
    public static TimingRowResult From(TimingEntry entry) =>
        new(entry.TaskId, entry.Task, entry.Mode, entry.Priority, entry.StartTime, entry.EndTime, entry.DurationSeconds, entry.Result);
}
