using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Memory;

/// <summary>Answers as they are kept for a call that is repeated.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(MemoryAppendResult))]
internal sealed partial class MemoryJson : JsonSerializerContext;
