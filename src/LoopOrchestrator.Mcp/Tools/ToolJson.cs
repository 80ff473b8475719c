using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>The types of arguments and results, with their serialization generated at build time. Add a tool's types here.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StatusResult))]
internal sealed partial class ToolJson : JsonSerializerContext;
