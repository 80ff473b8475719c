using System.ComponentModel;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Schedules;
using LoopOrchestrator.Mcp.Tools.Status;
using LoopOrchestrator.Mcp.Tools.Timing;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>How the workspace stands, its schedules and its time, for clients that let people attach them.</summary>
[McpServerResourceType]
internal sealed class StatusResources(Workspace workspace, ServerContext context)
{
    private const string StatusUri = "loop://status";
    private const string SchedulesUri = "loop://schedules";
    private const string TimingUri = "loop://timing";

    [McpServerResource(
        UriTemplate = StatusUri,
        Name = "status",
        Title = "How the workspace stands",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("What needs a person, what runs and waits, what is due next, what is wrong in the files; as get_status answers it.")]
    public async Task<TextResourceContents> StatusAsync(CancellationToken cancellationToken) =>
        ResourceText.Whole(
            StatusUri,
            StatusResult.From(
                await workspace.Status.ReadAsync(cancellationToken),
                workspace.Paths.Root,
                context.Mode == TransportMode.Stdio ? "stdio" : "http",
                context.Trust.Source,
                context.Warnings
            ),
            ToolJson.Default.StatusResult,
            $"{SchedulesUri} and list_runs have the rest."
        );

    [McpServerResource(
        UriTemplate = SchedulesUri,
        Name = "schedules",
        Title = "Schedules",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("All schedules, inactive ones too: what each does, when it is due, what became of its last run. In pages.")]
    public Task<TextResourceContents> SchedulesAsync(CancellationToken cancellationToken) => SchedulesAsync(page: null, cancellationToken);

    [McpServerResource(
        UriTemplate = $"{SchedulesUri}{{?page}}",
        Name = "schedules-page",
        Title = "Schedules, a page",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("A further page of loop://schedules.")]
    public async Task<TextResourceContents> SchedulesAsync(
        [Description("The page, from 1.")] string? page = null,
        CancellationToken cancellationToken = default
    ) =>
        ResourceText.Page(
            SchedulesUri,
            ScheduleListResult.From(workspace, await workspace.Status.ExplainedSchedulesAsync(cancellationToken), all: true),
            ToolJson.Default.ScheduleListResult,
            "schedules",
            page
        );

    [McpServerResource(
        UriTemplate = $"{SchedulesUri}/{{id}}",
        Name = "schedule",
        Title = "A schedule",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("One schedule, as list_schedules answers it.")]
    public async Task<TextResourceContents> ScheduleAsync(
        [Description("The schedule's id.")] string id,
        CancellationToken cancellationToken
    )
    {
        var schedules = await workspace.Status.ExplainedSchedulesAsync(cancellationToken);
        var found = schedules.FirstOrDefault(schedule => schedule.Schedule.Id == id)
            ?? throw new MissingResourceException($"There is no schedule '{id}'. {SchedulesUri} has the ids.");
        return ResourceText.Whole(
            $"{SchedulesUri}/{Uri.EscapeDataString(id)}",
            ScheduleResult.From(found),
            ResourceJson.Default.ScheduleResult,
            "Its file has the rest."
        );
    }

    [McpServerResource(
        UriTemplate = TimingUri,
        Name = "timing",
        Title = "Time spent",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description(
        "task_timing.tsv summed up by mode, priority, day and task, with its latest, open and overlong intervals; as get_timing answers it."
    )]
    public TextResourceContents Timing(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ResourceText.Whole(
            TimingUri,
            TimingReportResult.From(workspace.Timing.Summarize(new TimingReportOptions())),
            ToolJson.Default.TimingReportResult,
            "get_timing with from, to or mode has the rest."
        );
    }
}
