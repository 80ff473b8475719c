using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The answer of <c>list_schedules</c>.</summary>
internal sealed record ScheduleListResult(IReadOnlyList<ScheduleResult> Schedules, string File, IReadOnlyList<string> Findings)
{
    public static ScheduleListResult From(Workspace workspace, IReadOnlyList<ScheduleStatus> schedules, bool all) =>
        From(
            new ScheduleOverview(
                schedules,
                workspace.Paths.Display(workspace.Schedules.Source.FilePath),
                workspace.Schedules.Source.Diagnostics
            ),
            all
        );

    public static ScheduleListResult From(ScheduleOverview overview, bool all) =>
        new(
            overview.Schedules.Where(schedule => all || schedule.Schedule.Active).Select(ScheduleResult.From).ToList(),
            overview.File,
            overview.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
