using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>How arguments and results of tools are written: generated at build time, names in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusResult))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    /// <summary>The options that every tool is registered with: ours first, then the protocol's own types.</summary>
    public static new JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        options.TypeInfoResolverChain.Insert(0, Default);
        options.MakeReadOnly();
        return options;
    }
}
