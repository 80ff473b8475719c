using System.Text.Json.Serialization;
using LoopOrchestrator.Mcp.Tools.Schedules;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>What resources are written as that no tool answers by itself.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ScheduleResult))]
internal sealed partial class ResourceJson : JsonSerializerContext;
