using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Escalations;

/// <summary>The tool about agents that are held back: a person's to call, so it is not served unless it is asked for.</summary>
[McpServerToolType]
internal sealed class AgentMaintenanceTools(Workspace workspace)
{
    [McpServerTool(
        Name = "resume_agent",
        Title = "Let an agent go on",
        ReadOnly = false,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Lets an agent go on whose runs are held back because its model's service refused it or could not be reached; get_status lists "
            + "them. Mend that first."
    )]
    public async Task<AgentResumedResult> ResumeAgentAsync(
        [Description("The agent's name."), StringLength(200, MinimumLength = 1)] string agent,
        CancellationToken cancellationToken = default
    ) => new(agent, await workspace.Runs.ResumeAgentAsync(agent, cancellationToken));
}
