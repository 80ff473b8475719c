namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>claim_run</c>; without a run when none waits.</summary>
internal sealed record ClaimResult(
    string? RunId,
    string? State,
    string? Mode,
    string? Agent,
    DateTimeOffset? DeadlineAt,
    string? LeaseToken,
    int? LeaseSeconds,
    string? Brief,
    string Next
);
