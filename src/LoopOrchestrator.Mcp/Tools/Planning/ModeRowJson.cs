using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>A mode as <see cref="ToolJson"/> writes it, to find out how many fit into an answer before there is one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ModeResult))]
internal sealed partial class ModeRowJson : JsonSerializerContext;
