using System.Text.Encodings.Web;
using System.Text.Json;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>How exported rows are JSON: a row a line, letters of all scripts as they are.</summary>
internal static class JsonLines
{
    public static ExportJson Rows { get; } =
        new(new JsonSerializerOptions(ExportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
