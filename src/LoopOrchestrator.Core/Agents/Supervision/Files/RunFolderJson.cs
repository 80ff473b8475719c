using System.Text.Json.Serialization;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// How the files of a run's folder are written: generated code (no reflection, so that it works natively), snake_case names.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(SupervisorOrder))]
[JsonSerializable(typeof(SupervisorRecord))]
[JsonSerializable(typeof(SupervisorOutcome))]
[JsonSerializable(typeof(SupervisorWarning))]
[JsonSerializable(typeof(SupervisorSpent))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(RunReport))]
internal sealed partial class RunFolderJson : JsonSerializerContext;
