using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>list_runs</c>.</summary>
internal sealed record RunListResult(
    [property: Description("The runs, newest first, without their briefs.")] IReadOnlyList<RunResult> Runs,
    [property: Description("Give it as cursor to get the next page; absent on the last page.")] string? NextCursor);
