using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.State;

/// <summary>How our own files and columns are written as JSON: generated code (no reflection, so that it works natively), snake_case names.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(SupervisorOrder))]
[JsonSerializable(typeof(SupervisorRecord))]
[JsonSerializable(typeof(SupervisorOutcome))]
[JsonSerializable(typeof(SupervisorWarning))]
[JsonSerializable(typeof(SupervisorSpent))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(DamageNote))]
[JsonSerializable(typeof(EscalationNotice))]
[JsonSerializable(typeof(WorkflowDefinition))]
[JsonSerializable(typeof(CycleFailure))]
[JsonSerializable(typeof(CycleVerdict))]
[JsonSerializable(typeof(StepChanges))]
[JsonSerializable(typeof(FileManifest))]
internal sealed partial class CoreJson : JsonSerializerContext;
