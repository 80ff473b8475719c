using System.Text.Json.Nodes;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>An answer that is as large as it may be.</summary>
/// <param name="Answer">It.</param>
/// <param name="LeftOut">What was left out of it, as in "3 of 20 in runs"; nothing when every item is there.</param>
internal sealed record FittedAnswer(JsonObject Answer, string? LeftOut);
