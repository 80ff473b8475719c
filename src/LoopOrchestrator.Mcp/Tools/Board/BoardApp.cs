using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>
/// The board as an app of the protocol's extension for them: a tool whose answer a client draws by a page of ours. Who has not announced
/// the extension is told nothing of the page and reads the answer's text.
/// </summary>
internal static class BoardApp
{
    public const string ToolName = "show_board";
    public const string Uri = "ui://loop/board";
    public const string MimeType = "text/html;profile=mcp-app";

    private const string Extension = "io.modelcontextprotocol/ui";
    private const string Key = "ui";

    // As hosts from before the extension was final read it.
    private const string EarlierKey = "ui/resourceUri";

    /// <summary>Serves the page of the tool, and tells of it whoever has announced the extension.</summary>
    public static IMcpServerBuilder WithBoardPage(this IMcpServerBuilder builder) =>
        builder
            .WithResources<BoardResources>()
            .WithRequestFilters(static filters =>
            {
                filters.AddListToolsFilter(Announce);
                filters.AddListResourcesFilter(Hide);
            });

    /// <summary>Whether a client draws pages.</summary>
    public static bool IsAnnounced(ClientCapabilities? capabilities) =>
        capabilities?.Extensions?.TryGetValue(Extension, out var announced) is true
        && announced is JsonElement { ValueKind: JsonValueKind.Object } settings
        && (
            !settings.TryGetProperty("mimeTypes", out var types)
            || (
                types.ValueKind == JsonValueKind.Array
                && types.EnumerateArray().Any(static type => type.ValueKind == JsonValueKind.String && type.ValueEquals(MimeType))
            )
        );

    private static McpRequestHandler<ListToolsRequestParams, ListToolsResult> Announce(
        McpRequestHandler<ListToolsRequestParams, ListToolsResult> next
    ) =>
        async (context, cancellationToken) =>
        {
            var result = await next(context, cancellationToken);
            if (IsAnnounced(context.Server.ClientCapabilities))
            {
                result.Tools = [.. result.Tools.Select(static tool => tool.Name == ToolName ? WithPage(tool) : tool)];
            }

            return result;
        };

    // Who draws no pages would hand a model a page of script to read.
    private static McpRequestHandler<ListResourcesRequestParams, ListResourcesResult> Hide(
        McpRequestHandler<ListResourcesRequestParams, ListResourcesResult> next
    ) =>
        async (context, cancellationToken) =>
        {
            var result = await next(context, cancellationToken);
            if (!IsAnnounced(context.Server.ClientCapabilities))
            {
                result.Resources = [.. result.Resources.Where(static resource => resource.Uri != Uri)];
            }

            return result;
        };

    // A copy: the tool itself is the same for all clients of a server over HTTP.
    private static Tool WithPage(Tool tool) =>
        new()
        {
            Name = tool.Name,
            Title = tool.Title,
            Description = tool.Description,
            InputSchema = tool.InputSchema,
            OutputSchema = tool.OutputSchema,
            Icons = tool.Icons,
            Meta = new JsonObject
            {
                [Key] = new JsonObject { ["resourceUri"] = Uri },
                [EarlierKey] = Uri,
            },
        };
}
