namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What a rollback does with a file.</summary>
public enum RollbackAction
{
    /// <summary>It gets its earlier content back: the run changed or deleted it.</summary>
    Restore,

    /// <summary>It is deleted: the run made it.</summary>
    Remove,

    /// <summary>Nothing until somebody decides: it is not as the run left it, so somebody else has changed it since.</summary>
    Conflict,

    /// <summary>Nothing: it is as it was before already.</summary>
    AlreadySo,

    /// <summary>Nothing, and it cannot be asked for: see the reason.</summary>
    Left,
}
