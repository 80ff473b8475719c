using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The answer of <c>list_schedules</c>.</summary>
internal sealed record ScheduleListResult(IReadOnlyList<ScheduleResult> Schedules, string File, IReadOnlyList<string> Findings)
{
    public static ScheduleListResult From(Workspace workspace, IReadOnlyList<ScheduleStatus> schedules, bool all) =>
        new(
            schedules.Where(schedule => all || schedule.Schedule.Active).Select(ScheduleResult.From).ToList(),
            workspace.Paths.Display(workspace.Schedules.Source.FilePath),
            workspace.Schedules.Source.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
