namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What became of a file between two checkpoints.</summary>
internal enum ChangeKind
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>Its content is another.</summary>
    Modified,

    /// <summary>It is there no more.</summary>
    Deleted,

    /// <summary>Only whether it is executable changed, or whether it is a file or a symbolic link.</summary>
    ModeChanged,
}
