using System.Text.Json;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>One value at the top of the configuration file, as written, with its place.</summary>
/// <param name="Kind">The JSON type.</param>
/// <param name="Text">The string's content, or the literal.</param>
/// <param name="Place">The file, line and column, with the key.</param>
internal sealed record StartupValue(JsonValueKind Kind, string Text, string Place);
