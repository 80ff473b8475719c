using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Trust;

/// <summary>How the record is written: generated code, so that it works natively.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(TrustRecord))]
internal sealed partial class TrustJson : JsonSerializerContext;
