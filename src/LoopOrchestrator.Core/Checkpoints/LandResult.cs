namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What became of landing a step's changes in the workspace.</summary>
/// <param name="HasLanded">Whether they are all there now. If not, nothing was changed, or it was changed back.</param>
/// <param name="Landed">The files that were written or deleted in the workspace.</param>
/// <param name="Obstacles">Why it did not land: files that have changed in the workspace too, or that could not be written.</param>
/// <param name="NotLanded">
/// Changes of the step that never land: the files that the server writes to itself, and repositories of their own.
/// </param>
/// <param name="Commits">Commits of the step, the newest first. Their content lands, they do not.</param>
/// <param name="Safety">How the workspace was just before; <see langword="null"/> when nothing was written.</param>
internal sealed record LandResult(
    bool HasLanded,
    IReadOnlyList<RollbackItem> Landed,
    IReadOnlyList<RollbackItem> Obstacles,
    IReadOnlyList<RollbackItem> NotLanded,
    IReadOnlyList<CommitLine> Commits,
    Checkpoint? Safety
);
