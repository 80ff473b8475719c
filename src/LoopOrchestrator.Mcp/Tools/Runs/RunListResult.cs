using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>list_runs</c>, newest first.</summary>
internal sealed record RunListResult(
    IReadOnlyList<RunRow> Runs,
    [property: Description("Give it as cursor to get the next page; absent on the last one.")] string? NextCursor);
