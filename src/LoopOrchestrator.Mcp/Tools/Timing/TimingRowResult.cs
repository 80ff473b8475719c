using System.ComponentModel;
using LoopOrchestrator.Core.Timing;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>A row of the time log as tools show it.</summary>
internal sealed record TimingRowResult(
    [property: Description("The id that a start row and its closing row share.")] string TaskId,
    [property: Description("What was worked on.")] string Task,
    [property: Description("The mode's slug.")] string Mode,
    [property: Description("schedule, todo or normal; empty in rows of others.")] string Priority,
    [property: Description("When it began (UTC).")] DateTimeOffset? StartTime,
    [property: Description("When it ended (UTC); absent while it is open.")] DateTimeOffset? EndTime,
    [property: Description("Whole seconds; absent while it is open.")] long? DurationSeconds,
    [property: Description("What came of it.")] string Result)
{
    public static TimingRowResult From(TimingEntry entry) =>
        new(entry.TaskId, entry.Task, entry.Mode, entry.Priority, entry.StartTime, entry.EndTime, entry.DurationSeconds, entry.Result);
}
