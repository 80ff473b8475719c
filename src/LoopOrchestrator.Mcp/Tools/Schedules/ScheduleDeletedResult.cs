using LoopOrchestrator.Core.Scheduling.Editing;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The answer of <c>delete_schedule</c>.</summary>
internal sealed record ScheduleDeletedResult(string Id, string File, string Backup, IReadOnlyList<string> RunsLeft)
{
    public static ScheduleDeletedResult From(ScheduleDeleted deleted) => new(deleted.Id, deleted.File, deleted.Backup, deleted.Runs);
}
