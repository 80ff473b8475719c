using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>How lists in columns are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class RunJson : JsonSerializerContext;
