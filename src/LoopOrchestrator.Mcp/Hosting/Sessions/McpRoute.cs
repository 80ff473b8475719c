using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting.Sessions;

/// <summary>Where messages of MCP come in.</summary>
internal static class McpRoute
{
    /// <summary>The address.</summary>
    public const string Path = "/mcp";

    /// <summary>Whether a request goes there, as the routing sees it: in any case, with a slash at its end or without.</summary>
    public static bool Leads(HttpRequest request) =>
        request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is "" or "/";
}
