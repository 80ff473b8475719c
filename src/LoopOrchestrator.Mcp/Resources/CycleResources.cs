using System.ComponentModel;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Cycles;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>Cycles as resources, for clients that let people attach them.</summary>
[McpServerResourceType]
internal sealed class CycleResources(Workspace workspace)
{
    [McpServerResource(
        UriTemplate = "loop://cycles/{id}",
        Name = "cycle",
        Title = "A cycle of a workflow",
        MimeType = ResourceText.Json,
        IconSource = ResourceIcon.Source
    )]
    [Description("One cycle with its steps, gates and decisions, as get_cycle answers it.")]
    public async Task<TextResourceContents> CycleAsync([Description("The cycle's id.")] string id, CancellationToken cancellationToken)
    {
        try
        {
            var cycle = await CycleTools.FindAsync(workspace, id, cancellationToken);
            return ResourceText.Whole(
                $"loop://cycles/{id}",
                CycleResult.From(workspace, cycle, await workspace.Runs.DecisionsAsync(cycle.Run.Id, cancellationToken)),
                ToolJson.Default.CycleResult,
                "get_cycle answers more of it."
            );
        }
        catch (UserErrorException exception)
        {
            throw new MissingResourceException(exception);
        }
    }
}
