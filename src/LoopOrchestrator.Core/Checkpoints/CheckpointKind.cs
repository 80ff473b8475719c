namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What a checkpoint was made of.</summary>
public enum CheckpointKind
{
    /// <summary>
    /// A commit below <c>refs/loop/checkpoints/</c> of the repository that the workspace lies in: every file that git does not ignore.
    /// </summary>
    Git,

    /// <summary>
    /// A copy below <c>.loop/checkpoints/</c>, because the workspace is no git work tree: the files that are ours, and no others.
    /// </summary>
    Files,
}
