using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The tools about schedules that few need.</summary>
[McpServerToolType]
internal sealed class ScheduleMaintenanceTools(Workspace workspace)
{
    [McpServerTool(
        Name = "delete_schedule",
        Title = "Delete a schedule",
        ReadOnly = false,
        Destructive = true,
        Idempotent = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Removes a schedule from the file; the file's former bytes are kept in .loop/backups. What waits of it is "
            + "dropped; queued and running runs are left, see runs_left."
    )]
    public async Task<ScheduleDeletedResult> DeleteScheduleAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("The schedule's id, from list_schedules."), StringLength(200, MinimumLength = 1)] string schedule_id,
        [Description(CallConfirmation.Argument)] bool confirm = false,
        CancellationToken cancellationToken = default
    )
    {
        if (workspace.Schedules.Source.Schedules.FirstOrDefault(one => one.Id == schedule_id) is { } schedule)
        {
            await CallConfirmation.AskAsync(
                context,
                confirm,
                $"Remove the schedule {schedule.Id} ({schedule.Name}) from the file? What waits of it is dropped; the file's former bytes "
                    + "are kept.",
                cancellationToken
            );
        }

        return ScheduleDeletedResult.From(await workspace.Schedules.DeleteAsync(schedule_id, cancellationToken));
    }
}
