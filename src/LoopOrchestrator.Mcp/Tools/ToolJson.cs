using System.Text.Json;
using System.Text.Json.Serialization;
using LoopOrchestrator.Mcp.Tools.Memory;
using LoopOrchestrator.Mcp.Tools.Planning;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;
using LoopOrchestrator.Mcp.Tools.Timing;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>How arguments and results of tools are written: generated at build time, names in snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ClaimResult))]
[JsonSerializable(typeof(MemoryAppendedResult))]
[JsonSerializable(typeof(MemoryResult))]
[JsonSerializable(typeof(ModeListResult))]
[JsonSerializable(typeof(RunDetailResult))]
[JsonSerializable(typeof(RunListResult))]
[JsonSerializable(typeof(RunResult))]
[JsonSerializable(typeof(ScheduleListResult))]
[JsonSerializable(typeof(StatusResult))]
[JsonSerializable(typeof(TimingReportResult))]
[JsonSerializable(typeof(TimingRowResult))]
[JsonSerializable(typeof(TodoListResult))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(DateTimeOffset?))]
[JsonSerializable(typeof(int?))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ToolJson : JsonSerializerContext
{
    /// <summary>The options that every tool is registered with: ours first, then the protocol's own types.</summary>
    public static new JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
        options.TypeInfoResolverChain.Insert(0, Default);
        options.MakeReadOnly();
        return options;
    }
}
