using LoopOrchestrator.Core.Checkpoints;

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

    /// <summary>What would be done.</summary>
    public static RollbackRunResult From(string runId, RollbackPlan plan) =>
        new(
            runId,
            Applied: false,
            Verified: null,
            [.. plan.Items.Select(RollbackFileResult.From)],
            Lines(plan.Commits),
            SafetyCheckpoint: null,
            NextOf(plan)
        )
        {
            NotCovered = Some(plan.NotCovered),
        };

    /// <summary>What was done.</summary>
    public static RollbackRunResult From(string runId, RollbackResult result) =>
        new(
            runId,
            Applied: true,
            result.IsVerified,
            [.. result.Done.Concat(result.NotDone).Select(RollbackFileResult.From)],
            Lines(result.Commits),
            result.Safety?.Name,
            result.IsVerified && result.Done.Count == 0 ? NothingDone(result)
                : result.IsVerified ? "Every file that had to be changed is as it was before."
                : "Some files are not as they should be; their reasons say why. Fix that, and repeat the call."
        )
        {
            NotCovered = Some(result.NotCovered),
        };

    /// <summary>Why a rollback did nothing.</summary>
    public static string NothingDone(RollbackResult result) =>
        result.NotDone.Count > 0 ? "Nothing was rolled back: each file was left, and its reason says why."
        : result.NotCovered.Count > 0
            ? $"Nothing was rolled back: of what the checkpoints hold nothing differs. They do not hold {Joined(result.NotCovered)}."
        : "There was nothing to roll back.";

    /// <summary>What can be done about a plan.</summary>
    public static string NextOf(RollbackPlan plan) =>
        !plan.ChangesAnything
            ? plan.Conflicts.Any()
                ? "There is nothing to roll back by itself: others changed its files too. Bring them back by hand."
                : "There is nothing to roll back"
                    + (plan.NotCovered.Count == 0 ? "." : $" in what the checkpoints hold. They do not hold {Joined(plan.NotCovered)}.")
            : plan.Conflicts.Any()
                ? "Some files were changed since and would stop the rollback: look at them, then repeat the call with "
                    + "dry_run false and skip_conflicts true to roll back the others."
                : "Repeat the call with dry_run false to do it.";

    private static string Joined(IReadOnlyList<string> phrases) => string.Join("; ", phrases);

    private static IReadOnlyList<string>? Some(IReadOnlyList<string> phrases) => phrases.Count == 0 ? null : phrases;

    private static IReadOnlyList<string>? Lines(IReadOnlyList<CommitLine> commits) =>
        commits.Count == 0 ? null : [.. commits.Select(static commit => $"{commit.Id} {commit.Subject}")];
}
