using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Configuration;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    // A member of another spelling is no end of a token: it would go on for ever.
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(TokenList))]
internal sealed partial class TokenListJson : JsonSerializerContext;
