using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Scheduling.Editing;
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
    [Description("Starts a schedule's work now, also when it is inactive or paused, and without asking its onlyIf. Its due moments stay as they are. Refused while a run of it is queued or going on.")]
    public async Task<RunResult> TriggerScheduleAsync(
        [Description("The schedule's id, from list_schedules."), StringLength(200, MinimumLength = 1)] string schedule_id,
        CancellationToken cancellationToken = default) =>
        RunResult.From(await workspace.TriggerAsync(schedule_id, cancellationToken));

    [McpServerTool(Name = "save_schedule", Title = "Create or change a schedule", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Creates a schedule (needs name, task, and interval or cron) or changes the given fields of one; the rest of the file is kept. \"\" clears a field.")]
    public async Task<ScheduleSavedResult> SaveScheduleAsync(
        [Description("The one to change."), StringLength(200)] string? schedule_id = null,
        [Description("Name."), StringLength(200)] string? name = null,
        [Description("Mode slug."), StringLength(100)] string? mode = null,
        [Description("The task."), StringLength(100_000)] string? task = null,
        [Description("\"10 minutes\", \"1 day\"."), StringLength(40)] string? interval = null,
        [Description("Instead of interval."), StringLength(256)] string? cron = null,
        [Description("IANA name."), StringLength(64)] string? time_zone = null,
        [Description("mon to sun; [] for all.")] string[]? days = null,
        [Description("YYYY-MM-DD, HH:mm or both."), StringLength(20)] string? start = null,
        [Description("YYYY-MM-DD [HH:mm]."), StringLength(20)] string? expires = null,
        [Description("Fires by itself.")] bool? active = null,
        [Description("While running: wait, skip, interrupt."), StringLength(20)] string? overlap = null,
        [Description("When missed: once, skip, all."), StringLength(20)] string? misfire = null,
        [Description("Minutes."), StringLength(20)] string? max_lateness = null,
        [Description("Minutes."), StringLength(20)] string? jitter = null,
        [Description("Of a run."), Range(1, 86_400)] int? timeout_seconds = null,
        CancellationToken cancellationToken = default) =>
        ScheduleSavedResult.From(await workspace.SaveScheduleAsync(
            new ScheduleEdit
            {
                Id = schedule_id,
                Name = name,
                Mode = mode,
                Task = task,
                Interval = interval,
                Cron = cron,
                TimeZone = time_zone,
                Days = days,
                Start = start,
                Expires = expires,
                Active = active,
                Overlap = overlap,
                Misfire = misfire,
                MaxLateness = max_lateness,
                Jitter = jitter,
                TimeoutSeconds = timeout_seconds,
            },
            cancellationToken));
}
