using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Storage;

/// <summary>How it is noted that a damaged database was replaced.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(DamageNote))]
internal sealed partial class DamageJson : JsonSerializerContext;
