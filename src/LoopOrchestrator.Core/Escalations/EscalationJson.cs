using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>How an escalation is told to a command or an address.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(EscalationNotice))]
internal sealed partial class EscalationJson : JsonSerializerContext;
