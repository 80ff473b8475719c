using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Audit;

/// <summary>One line each: the encoder escapes every control character, and all that is not ASCII.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
