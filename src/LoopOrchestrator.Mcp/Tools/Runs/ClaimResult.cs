using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>claim_run</c>; without a run when none waits.</summary>
internal sealed record ClaimResult(
    [property: Description("The run that is yours now; absent when none waits.")] string? RunId,
    string? State,
    string? Mode,
    string? Agent,
    DateTimeOffset? DeadlineAt,
    [property: Description("What to do, whole.")] string? Brief,
    [property: Description("What to do next.")] string Next);
