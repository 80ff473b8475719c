namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>The answer of <c>rollback_run</c>: the plan of a dry run, or what was done.</summary>
internal sealed record RollbackRunResult(
    string RunId,
    bool Applied,
    bool? Verified,
    IReadOnlyList<RollbackFileResult> Files,
    IReadOnlyList<string>? CommitsThatStay,
    string? SafetyCheckpoint,
    string Next
)
{
    /// <summary>What the checkpoints do not hold, so that nothing of it comes back.</summary>
    public IReadOnlyList<string>? NotCovered { get; init; }
}
