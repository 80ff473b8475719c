using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>How an incident is told to a command or an address.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(IncidentNotice))]
internal sealed partial class IncidentJson : JsonSerializerContext;
