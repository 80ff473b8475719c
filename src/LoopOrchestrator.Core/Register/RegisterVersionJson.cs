using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Register;

// As RegisterJson, but for what it does not know.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(RegisterVersion))]
internal sealed partial class RegisterVersionJson : JsonSerializerContext;
