namespace LoopOrchestrator.Core.Commits;

/// <summary>What became of a file since the last commit.</summary>
public enum ChangeKind
{
    /// <summary>The last commit does not have it.</summary>
    Added,

    /// <summary>Its content, or its permission to be executed, is another one.</summary>
    Modified,

    /// <summary>It is not there any more, or not to be kept under version control any more.</summary>
    Deleted,
}
