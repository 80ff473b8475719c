using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A row as <see cref="ToolJson"/> writes it, to find out how many fit into an answer before there is one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(RunRow))]
internal sealed partial class RunRowJson : JsonSerializerContext;
