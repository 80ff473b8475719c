namespace LoopOrchestrator.Core.Plots;

/// <summary>What became of a moment at which something was due; of several in one place, the last of these is shown.</summary>
public enum SlotState
{
    /// <summary>It was left out on purpose, or another did its work.</summary>
    Skipped,

    /// <summary>It did its work.</summary>
    Fired,

    /// <summary>It waits for its turn.</summary>
    Waiting,

    /// <summary>Its work goes on.</summary>
    Running,

    /// <summary>Nothing fired it at its time.</summary>
    Missed,

    /// <summary>It fired, and its work ended badly.</summary>
    Failed,
}
