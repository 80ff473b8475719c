using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>Exported rows as JSON, with their serialization generated at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExportedRun))]
[JsonSerializable(typeof(ExportedInterval))]
internal sealed partial class ExportJson : JsonSerializerContext;
