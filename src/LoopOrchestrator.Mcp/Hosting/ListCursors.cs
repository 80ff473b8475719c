using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Our lists of tools, resources and prompts are given whole, so there is no cursor that a client could have from us. The SDK answers one
/// with an empty list, and the client sees a server without tools.
/// </summary>
internal static class ListCursors
{
    /// <summary>Refuses cursors with the error that the protocol has for them.</summary>
    public static IMcpServerBuilder RefuseCursors(this IMcpServerBuilder builder) =>
        builder.WithRequestFilters(static filters =>
        {
            filters.AddListToolsFilter(static next => (context, token) => next(context, Refuse(context.Params, token)));
            filters.AddListResourcesFilter(static next => (context, token) => next(context, Refuse(context.Params, token)));
            filters.AddListResourceTemplatesFilter(static next => (context, token) => next(context, Refuse(context.Params, token)));
            filters.AddListPromptsFilter(static next => (context, token) => next(context, Refuse(context.Params, token)));
        });

    private static CancellationToken Refuse(PaginatedRequestParams? parameters, CancellationToken token) =>
        parameters?.Cursor is null
            ? token
            : throw new McpProtocolException(
                "This cursor was not given by this server: its lists have one page. Ask without a cursor.",
                McpErrorCode.InvalidParams
            );
}
