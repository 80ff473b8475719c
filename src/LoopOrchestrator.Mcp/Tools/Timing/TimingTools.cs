using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>The tools about time.</summary>
[McpServerToolType]
internal sealed class TimingTools(Workspace workspace)
{
    [McpServerTool(
        Name = "log_timing",
        Title = "Log time",
        ReadOnly = false,
        Destructive = false,
        Idempotent = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Writes to task_timing.tsv: start opens an interval and returns its task_id, stop closes it, record writes a whole one from "
            + "start_time to end_time. The row is on disk when this answers. Runs log their own time."
    )]
    public async Task<TimingRowResult> LogTimingAsync(
        [Description("What to do."), AllowedValues("start", "stop", "record")] string action,
        [Description("What is worked on; for start and record."), StringLength(2000)] string? task = null,
        [Description("Any slug; for start and record."), StringLength(100)] string? mode = null,
        [Description("For stop: the id that start returned; else made up when left out."), StringLength(100)] string? task_id = null,
        [Description("normal by default."), AllowedValues("schedule", "todo", "normal", null)] string? priority = null,
        [Description("What came of it; else 'completed'."), StringLength(2000)] string? result = null,
        [Description("ISO 8601 with offset or Z; for record, or an earlier start.")] DateTimeOffset? start_time = null,
        [Description("The same; for record, or an earlier stop.")] DateTimeOffset? end_time = null,
        [Description(RequestIdText.Short), StringLength(RequestKey.MaxLength)] string? request_id = null,
        CancellationToken cancellationToken = default
    )
    {
        var call = new TimingCall(action)
        {
            Task = task,
            Mode = mode,
            TaskId = task_id,
            Priority = priority ?? TimingPriority.Normal,
            Result = result,
            StartTime = start_time,
            EndTime = end_time,
        };
        return TimingRowResult.From(await workspace.Timing.LogAsync(call, workspace.Requests, request_id, cancellationToken));
    }

    [McpServerTool(
        Name = "get_timing",
        Title = "Report time",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Sums up task_timing.tsv by mode, priority, day (UTC) and task, and lists the latest, open and overlong intervals. Only "
            + "complete ones are summed; note says what was left out, findings which rows could not be read, or only by a guess."
    )]
    public TimingReportResult GetTiming(
        [Description("Only this mode."), StringLength(100)] string? mode = null,
        [Description("Only this priority."), AllowedValues("schedule", "todo", "normal", null)] string? priority = null,
        [Description("Begun at this moment (ISO 8601) or later.")] DateTimeOffset? from = null,
        [Description("Begun before this moment.")] DateTimeOffset? to = null,
        [Description("More seconds than this are overlong."), Range(0, 1_000_000_000)] int longer_than = 3600,
        [Description("Rows of each list at most."), Range(1, 1000)] int limit = 20,
        CancellationToken cancellationToken = default
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TimingReportResult.From(
            workspace.Timing.Summarize(
                new TimingReportOptions
                {
                    Mode = mode,
                    Priority = priority,
                    From = from,
                    To = to,
                    LongerThanSeconds = longer_than,
                    Limit = limit,
                }
            )
        );
    }
}
