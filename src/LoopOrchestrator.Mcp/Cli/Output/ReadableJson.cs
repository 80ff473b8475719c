using System.Text.Encodings.Web;
using System.Text.Json;
using LoopOrchestrator.Mcp.Tools;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>How commands print answers as JSON: indented, and letters of all scripts as they are.</summary>
internal static class ReadableJson
{
    /// <summary>Answers that tools give too.</summary>
    public static ToolJson Tools { get; } = new(Options(ToolJson.Default.Options));

    /// <summary>Answers of commands alone.</summary>
    public static CommandJson Commands { get; } = new(Options(CommandJson.Default.Options));

    private static JsonSerializerOptions Options(JsonSerializerOptions compact) =>
        new(compact) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };
}
