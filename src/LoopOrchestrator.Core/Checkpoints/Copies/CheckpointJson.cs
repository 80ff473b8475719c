using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Checkpoints.Copies;

/// <summary>How the list of a checkpoint's own files is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(FileManifest))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
