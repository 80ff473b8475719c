namespace LoopOrchestrator.Core.Plots;

/// <summary>Where a stage of a cycle stands.</summary>
public enum StageState
{
    /// <summary>It has not begun.</summary>
    Ahead,

    /// <summary>It goes on.</summary>
    Running,

    /// <summary>Nothing is begun in it for now.</summary>
    Held,

    /// <summary>It is done.</summary>
    Done,

    /// <summary>The cycle ended badly in it.</summary>
    Failed,

    /// <summary>The cycle was ended in it.</summary>
    Cancelled,
}
