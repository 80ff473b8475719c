using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Tasks;

/// <summary>How the answers about tasks are written that have a type of their own.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CreatedTask))]
internal sealed partial class RunTaskJson : JsonSerializerContext;
