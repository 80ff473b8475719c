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

    [McpServerTool(Name = "save_schedule", Title = "Save a schedule", ReadOnly = false, Destructive = true, Idempotent = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Creates a schedule (give name, task, interval or cron) or changes what is given of one. All else in its file is kept, policies too. \"\" clears.")]
    public async Task<ScheduleSavedResult> SaveScheduleAsync(
        [Description("To change."), StringLength(200)] string? schedule_id = null,
        [Description("Name."), StringLength(200)] string? name = null,
        [Description("Slug."), StringLength(99)] string? mode = null,
        [Description("Task."), StringLength(99_999)] string? task = null,
        [Description("\"10 minutes\"."), StringLength(40)] string? interval = null,
        [Description("Or cron."), StringLength(256)] string? cron = null,
        [Description("IANA."), StringLength(64)] string? time_zone = null,
        [Description("mon,tue.."), StringLength(64)] string? days = null,
        [Description("[Date] [HH:mm]."), StringLength(20)] string? start = null,
        [Description("Date [HH:mm]."), StringLength(20)] string? expires = null,
        [Description("Fires.")] bool? active = null,
        [Description("once, skip, all."), StringLength(9)] string? misfire = null,
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
                Days = ScheduleEdit.SplitDays(days),
                Start = start,
                Expires = expires,
                Active = active,
                Misfire = misfire,
            },
            cancellationToken));
}
