using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Text;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Escalations;

/// <summary>The tools about escalations.</summary>
[McpServerToolType]
internal sealed class EscalationTools(Workspace workspace)
{
    [McpServerTool(
        Name = "resolve_escalation",
        Title = "Resolve an escalation",
        ReadOnly = false,
        Destructive = false,
        Idempotent = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Lets a step go on that stopped after repeated failures; get_status lists them. Fix the cause first.")]
    public async Task<EscalationResolvedResult> ResolveEscalationAsync(
        [Description("Its number."), Range(1, int.MaxValue)] int escalation_id,
        [Description("What was found and changed."), StringLength(2000, MinimumLength = 1)] string note,
        CancellationToken cancellationToken = default
    )
    {
        var (escalation, resumed) = await workspace.Escalations.ResolveAsync(escalation_id, note, cancellationToken);
        return new EscalationResolvedResult(escalation.Id, resumed, ToolNames.Plain(Next(escalation, resumed)));
    }

    /// <summary>What happens now, with the names of tools marked.</summary>
    internal static string Next(Escalation escalation, bool? resumed) =>
        resumed switch
        {
            true => $"Schedule '{escalation.ScheduleId}' goes on with its next due moment; {ToolNames.TriggerSchedule} starts it now.",
            false => $"Schedule '{escalation.ScheduleId}' stays paused, because somebody paused it for another reason.",
            null => $"The work can be asked for again with {ToolNames.RunMode}.",
        };
}
