namespace LoopOrchestrator.Core.Status;

/// <summary>Why something needs a person, the most urgent first.</summary>
public enum NeedKind
{
    /// <summary>Work waits for it.</summary>
    Blocked,

    /// <summary>Work failed, and the same has not succeeded since.</summary>
    Failed,

    /// <summary>Work is done, and nobody has seen it.</summary>
    Done,
}
