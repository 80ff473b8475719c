using System.ComponentModel;
using System.Text.Json;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Cycles;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>Cycles as resources, for clients that let people attach them.</summary>
[McpServerResourceType]
internal sealed class CycleResources(Workspace workspace)
{
    // The revision from which on a resource that is not there is an invalid parameter, and before which it had a code of its own.
    private const string FirstWithInvalidParams = "2026-07-28";

    [McpServerResource(UriTemplate = "loop://cycles/{id}", Name = "cycle", Title = "A cycle of a workflow", MimeType = "application/json")]
    [Description("One cycle with its steps, gates and decisions, as get_cycle answers it.")]
    public async Task<TextResourceContents> CycleAsync(
        McpServer server,
        [Description("The cycle's id.")] string id,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(server);
        try
        {
            var cycle = await CycleTools.FindAsync(workspace, id, cancellationToken);
            var result = CycleResult.From(workspace, cycle, await workspace.Runs.DecisionsAsync(cycle.Run.Id, cancellationToken));
            return new TextResourceContents
            {
                Uri = $"loop://cycles/{id}",
                MimeType = "application/json",
                Text = ReadableAnswer.Write(JsonSerializer.SerializeToNode(result, ToolJson.Default.CycleResult)!),
            };
        }
        catch (UserErrorException exception)
        {
            throw new McpProtocolException(
                exception.Message,
                exception,
                string.CompareOrdinal(server.NegotiatedProtocolVersion, FirstWithInvalidParams) >= 0
                    ? McpErrorCode.InvalidParams
                    : McpErrorCode.ResourceNotFound
            );
        }
    }
}
