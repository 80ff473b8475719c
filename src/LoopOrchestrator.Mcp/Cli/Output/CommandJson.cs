using System.Text.Json.Serialization;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>The types that commands print as JSON and no tool answers, with their serialization generated at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(ClientAnswer))]
[JsonSerializable(typeof(CommitAnswer))]
[JsonSerializable(typeof(EscalationsAnswer))]
[JsonSerializable(typeof(HistoryAnswer))]
[JsonSerializable(typeof(LintAnswer))]
[JsonSerializable(typeof(LogAnswer))]
[JsonSerializable(typeof(ModeAnswer))]
[JsonSerializable(typeof(SeenAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(TokensAnswer))]
[JsonSerializable(typeof(TrustAnswer))]
[JsonSerializable(typeof(WatchdogAnswer))]
[JsonSerializable(typeof(WorkflowsAnswer))]
[JsonSerializable(typeof(WorkspacesAnswer))]
internal sealed partial class CommandJson : JsonSerializerContext;
