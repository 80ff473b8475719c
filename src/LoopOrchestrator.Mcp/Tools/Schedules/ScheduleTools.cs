using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Runs;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The tools about schedules.</summary>
[McpServerToolType]
internal sealed class ScheduleTools(Workspace workspace)
{
    [McpServerTool(
        Name = "list_schedules",
        Title = "List schedules",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Lists the schedules: what each does, when it is due, how its last run ended, and what is wrong in the file.")]
    public async Task<ScheduleListResult> ListSchedulesAsync(
        [Description("Inactive ones too.")] bool include_inactive = false,
        CancellationToken cancellationToken = default
    ) => ScheduleListResult.From(await workspace.Status.ScheduleOverviewAsync(cancellationToken), include_inactive);

    [McpServerTool(
        Name = "trigger_schedule",
        Title = "Start a schedule's work now",
        ReadOnly = false,
        Destructive = true,
        Idempotent = false,
        OpenWorld = true,
        UseStructuredContent = true
    )]
    [Description(
        "Starts a schedule's work now, also when inactive or paused, without its onlyIf; due moments stay. Refused while a run "
            + "of it is queued or going on."
    )]
    public async Task<RunStateResult> TriggerScheduleAsync(
        [Description("From list_schedules."), StringLength(200, MinimumLength = 1)] string schedule_id,
        [Description(RequestIdText.Short), StringLength(RequestKey.MaxLength)] string? request_id = null,
        CancellationToken cancellationToken = default
    ) => RunStateResult.From(await workspace.Schedules.TriggerAsync(schedule_id, request_id, cancellationToken));

    [McpServerTool(
        Name = "save_schedule",
        Title = "Save a schedule",
        ReadOnly = false,
        Destructive = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Creates a schedule (name, task, interval or cron needed) or changes the given fields of one; the rest of the file stays. "
            + "\"\" clears a field."
    )]
    public async Task<ScheduleSavedResult> SaveScheduleAsync(
        [Description("The one to change; none for a new one."), StringLength(200)] string? schedule_id = null,
        [Description("What people call it."), StringLength(200)] string? name = null,
        [Description("The mode's slug."), StringLength(99)] string? mode = null,
        [Description("What is to be done."), StringLength(99_999)] string? task = null,
        [Description("Such as \"10 minutes\", \"1 day\"."), StringLength(40)] string? interval = null,
        [Description("Five cron fields, instead."), StringLength(256)] string? cron = null,
        [Description("Such as Europe/Berlin."), StringLength(64)] string? time_zone = null,
        [Description("Such as mon,tue."), StringLength(64)] string? days = null,
        [Description("YYYY-MM-DD, HH:mm or both."), StringLength(20)] string? start = null,
        [Description("YYYY-MM-DD [HH:mm]."), StringLength(20)] string? expires = null,
        [Description("Whether it fires.")] bool? active = null,
        [Description("Missed ones: once, skip, all."), StringLength(9)] string? misfire = null,
        [Description(RequestIdText.Short), StringLength(RequestKey.MaxLength)] string? request_id = null,
        CancellationToken cancellationToken = default
    ) =>
        ScheduleSavedResult.From(
            await workspace.Schedules.SaveAsync(
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
                request_id,
                cancellationToken
            )
        );
}
