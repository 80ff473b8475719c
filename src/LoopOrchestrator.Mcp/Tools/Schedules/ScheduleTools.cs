using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Tools.Runs;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The tools about schedules.</summary>
[McpServerToolType]
internal sealed class ScheduleTools(Workspace workspace)
{
    [McpServerTool(Name = "list_schedules", Title = "List schedules", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Lists the workspace's schedules: what each does, when it is due next, and what became of its last due moment. Also tells what is wrong in the file.")]
    public async Task<ScheduleListResult> ListSchedulesAsync(
        [Description("Whether to list inactive schedules too.")] bool include_inactive = false,
        CancellationToken cancellationToken = default)
    {
        var schedules = await workspace.Status.SchedulesAsync(cancellationToken);
        return new ScheduleListResult(
            schedules.Where(schedule => include_inactive || schedule.Schedule.Active).Select(ScheduleResult.From).ToList(),
            workspace.Paths.Display(workspace.Schedules.FilePath),
            workspace.Schedules.Findings.Select(static finding => finding.ToString()).ToList());
    }

    [McpServerTool(Name = "trigger_schedule", Title = "Start a schedule's work now", ReadOnly = false, Destructive = true, Idempotent = false, OpenWorld = true, UseStructuredContent = true)]
    [Description("Starts a schedule's work now, also when it is inactive or paused. Its due moments stay as they are. Refused while a run of it is queued or going on.")]
    public async Task<RunResult> TriggerScheduleAsync(
        [Description("The schedule's id, from list_schedules."), StringLength(200, MinimumLength = 1)] string schedule_id,
        CancellationToken cancellationToken = default) =>
        RunResult.From(await workspace.TriggerAsync(schedule_id, cancellationToken));
}
