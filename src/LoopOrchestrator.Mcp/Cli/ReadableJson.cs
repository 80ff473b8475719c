using System.Text.Encodings.Web;
using System.Text.Json;
using LoopOrchestrator.Mcp.Tools;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>How commands print the answers of tools as JSON: indented, and letters of all scripts as they are.</summary>
internal static class ReadableJson
{
    public static ToolJson Context { get; } = new(new JsonSerializerOptions(ToolJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    });
}
