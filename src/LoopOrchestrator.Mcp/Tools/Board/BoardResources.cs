using System.ComponentModel;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>The page of the board: the same for everybody, and without anything of the workspace in it.</summary>
[McpServerResourceType]
internal sealed class BoardResources
{
    [McpServerResource(UriTemplate = BoardApp.Uri, Name = "board", Title = "The board", MimeType = BoardApp.MimeType)]
    [Description("The page that a client draws for show_board. It loads nothing and talks to its client only.")]
#pragma warning disable CA1822 // An object of the class is made for each call, as for all resources.
    public TextResourceContents Board() =>
        new()
        {
            Uri = BoardApp.Uri,
            MimeType = BoardApp.MimeType,
            Text = BoardPage.Html,
            Meta = new JsonObject
            {
                ["ui"] = new JsonObject
                {
                    ["csp"] = new JsonObject { ["connectDomains"] = new JsonArray(), ["resourceDomains"] = new JsonArray() },
                    ["prefersBorder"] = true,
                },
            },
        };
#pragma warning restore CA1822
}
