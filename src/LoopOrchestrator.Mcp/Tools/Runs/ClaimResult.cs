using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>claim_run</c>.</summary>
internal sealed record ClaimResult(
    [property: Description("The run that is yours now, with its brief; absent when nothing waits.")] RunResult? Run,
    [property: Description("What to do next.")] string Next);
