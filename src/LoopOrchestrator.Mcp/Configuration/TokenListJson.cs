using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Configuration;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true
)]
[JsonSerializable(typeof(TokenList))]
internal sealed partial class TokenListJson : JsonSerializerContext;
