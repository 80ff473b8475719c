using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>get_run</c>.</summary>
internal sealed record RunDetailResult(
    [property: Description("The run.")] RunResult Run,
    [property: Description("What was decided about it and why, in order.")] IReadOnlyList<DecisionResult> Decisions,
    [property: Description("The end of its output, when it has any.")] string? OutputTail,
    [property: Description("The file with its output, relative to the workspace.")] string? OutputFile);
