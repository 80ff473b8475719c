using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>How columns of a cycle and of its items are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(WorkflowDefinition))]
[JsonSerializable(typeof(CycleFailure))]
[JsonSerializable(typeof(CycleVerdict))]
[JsonSerializable(typeof(StepChanges))]
internal sealed partial class CycleJson : JsonSerializerContext;
