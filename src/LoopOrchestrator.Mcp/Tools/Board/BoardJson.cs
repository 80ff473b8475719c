using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Tools.Board;

/// <summary>How items of the board are written, to know how much of an answer each takes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(BoardQuestion))]
[JsonSerializable(typeof(BoardEscalation))]
[JsonSerializable(typeof(BoardRun))]
[JsonSerializable(typeof(BoardSchedule))]
[JsonSerializable(typeof(string))]
internal sealed partial class BoardJson : JsonSerializerContext;
