using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing;

/// <summary>Answers as they are kept for a call that is repeated.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(TimingEntry))]
internal sealed partial class TimingJson : JsonSerializerContext;
