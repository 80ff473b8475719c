namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>Where an item of a cycle stands.</summary>
public enum CycleItemState
{
    /// <summary>It was decided on; its checkpoint is being taken, and nothing has been started.</summary>
    Preparing,

    /// <summary>It goes on: its run is queued or running, or its command is.</summary>
    Running,

    /// <summary>It is done, and well.</summary>
    Passed,

    /// <summary>It is done, and not well.</summary>
    Failed,

    /// <summary>Somebody cancelled it.</summary>
    Cancelled,

    /// <summary>Its supervisor died; it is begun anew, as a further item.</summary>
    Interrupted,
}
