using System.Text.Json.Serialization;

namespace LoopOrchestrator.Core.Register;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true,
    // What this program does not know would be lost at the next change.
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false
)]
[JsonSerializable(typeof(RegisterContent))]
[JsonSerializable(typeof(RegisterVersion))]
internal sealed partial class RegisterJson : JsonSerializerContext;
