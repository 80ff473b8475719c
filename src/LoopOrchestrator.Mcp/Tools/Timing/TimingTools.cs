using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
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
        "Writes to task_timing.tsv: action start opens an interval and returns its task_id, stop closes that one, record writes a whole "
            + "one from start_time to end_time. The row is on disk when this answers. Runs log their own time."
    )]
    public async Task<TimingRowResult> LogTimingAsync(
        [Description("start, stop or record."), AllowedValues("start", "stop", "record")] string action,
        [Description("What is worked on; needed for start and record."), StringLength(2000)] string? task = null,
        [Description("The mode's slug; any slug is accepted. Needed for start and record."), StringLength(100)] string? mode = null,
        [
            Description("The interval's id: chosen for start and record when left out; for stop the id that start returned."),
            StringLength(100)
        ]
            string? task_id = null,
        [Description("schedule, todo or normal (the default)."), AllowedValues("schedule", "todo", "normal", null)] string? priority = null,
        [Description("What came of it; 'completed' when left out."), StringLength(2000)] string? result = null,
        [Description("ISO 8601 with offset or Z; for record, and for a start or stop that was earlier.")] DateTimeOffset? start_time = null,
        [Description("ISO 8601 with offset or Z; for record, and for a stop that was earlier.")] DateTimeOffset? end_time = null,
        CancellationToken cancellationToken = default
    )
    {
        var timing = workspace.Timing;
        var level = priority ?? TimingPriority.Normal;
        var entry = action switch
        {
            "start" => start_time is { } start
                ? await timing.StartAtAsync(
                    new TimingStart(Need(task, "task", action), Need(mode, "mode", action), task_id, level),
                    start,
                    cancellationToken
                )
                : await timing.StartAsync(
                    new TimingStart(Need(task, "task", action), Need(mode, "mode", action), task_id, level),
                    cancellationToken
                ),
            "stop" => end_time is { } end
                ? await timing.StopAtAsync(new TimingStop(task_id, task, mode, result), end, cancellationToken)
                : await timing.StopAsync(new TimingStop(task_id, task, mode, result), cancellationToken),
            "record" => await timing.RecordAsync(
                new TimingRecord(
                    Need(task, "task", action),
                    Need(mode, "mode", action),
                    start_time ?? throw Missing("start_time", action),
                    end_time ?? throw Missing("end_time", action),
                    task_id,
                    level,
                    result
                ),
                cancellationToken
            ),
            _ => throw new UserErrorException($"action is '{action}' and must be start, stop or record."),
        };
        return TimingRowResult.From(entry);
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
        "Sums up task_timing.tsv by mode, priority, day (UTC) and task, and lists the latest, the open and the overlong "
            + "intervals. Only complete intervals are summed; "
            + "note says what was left out. Rows that cannot be read are listed with line and reason, then those read "
            + "by a fall-back rule."
    )]
    public TimingReportResult GetTiming(
        [Description("Only this mode."), StringLength(100)] string? mode = null,
        [Description("Only this priority."), AllowedValues("schedule", "todo", "normal", null)] string? priority = null,
        [Description("Only intervals that began at this moment or later (ISO 8601).")] DateTimeOffset? from = null,
        [Description("Only intervals that began before this moment (ISO 8601).")] DateTimeOffset? to = null,
        [Description("An interval of more seconds than this is overlong."), Range(0, 1_000_000_000)] int longer_than = 3600,
        [Description("How many rows of each list at the most."), Range(1, 1000)] int limit = 20,
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

    private static string Need(string? value, string name, string action) =>
        string.IsNullOrWhiteSpace(value) ? throw Missing(name, action) : value;

    private static UserErrorException Missing(string name, string action) =>
        new($"log_timing with action '{action}' needs '{name}'. Nothing was written.");
}
