namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What a rollback did. It changes files only: index, HEAD, branches and commits are as the run left them.</summary>
/// <param name="Done">The files that were restored or removed, and looked at afterwards.</param>
/// <param name="NotDone">
/// The files that were not, each with its reason: conflicts to be left alone, what is never touched, and what failed.
/// </param>
/// <param name="Failed">Those of <paramref name="NotDone"/> that should have been changed and are not as they should be now.</param>
/// <param name="Safety">
/// How everything was just before, taken first: a rollback can be rolled back by hand. <see langword="null"/> when there was nothing to do.
/// </param>
/// <param name="Commits">Commits of the run, which stay, the newest first.</param>
public sealed record RollbackResult(
    IReadOnlyList<RollbackItem> Done,
    IReadOnlyList<RollbackItem> NotDone,
    IReadOnlyList<RollbackItem> Failed,
    Checkpoint? Safety,
    IReadOnlyList<CommitLine> Commits
)
{
    /// <summary>What the checkpoints do not hold, so that nothing of it came back, each in a phrase.</summary>
    public IReadOnlyList<string> NotCovered { get; init; } = [];

    /// <summary>Whether every file that had to be changed is as it should be, as seen afterwards.</summary>
    public bool IsVerified => Failed.Count == 0;
}
