namespace LoopOrchestrator.Core.Checkpoints.References;

/// <summary>What a checkpoint was made of.</summary>
public enum CheckpointKind
{
    /// <summary>
    /// A commit below <c>refs/loop/checkpoints/</c> of the repository that the workspace lies in: every file that git does not ignore.
    /// </summary>
    Git,

    /// <summary>
    /// A copy below <c>.loop/checkpoints/</c>, because there is no git, or no repository and too much to copy: the files that are ours, and
    /// no others.
    /// </summary>
    Files,

    /// <summary>
    /// A commit in a repository of our own below <c>.loop/checkpoints/own</c>: every file that git would not ignore, where the workspace is
    /// no git work tree, or git refuses it, or its <c>.git</c> is gone.
    /// </summary>
    Own,
}
