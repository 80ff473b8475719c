using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>How lists in columns of a run are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class RunJson : JsonSerializerContext;
