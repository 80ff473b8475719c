using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>Answers as they are kept for a call that is repeated.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(ScheduleSaved))]
internal sealed partial class ScheduleJson : JsonSerializerContext;
