using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>How a backup is described beside its content.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(WorkFileBackup))]
internal sealed partial class WorkFileBackupJson : JsonSerializerContext;
