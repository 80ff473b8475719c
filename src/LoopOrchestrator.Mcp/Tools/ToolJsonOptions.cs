using System.Text.Json;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>How every tool is registered: our types first, then the protocol's own, all names in snake_case.</summary>
internal static class ToolJsonOptions
{
    public static JsonSerializerOptions Shared { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        options.TypeInfoResolverChain.Insert(0, ToolJson.Default);
        options.MakeReadOnly();
        return options;
    }
}
