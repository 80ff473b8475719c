namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>Why a supervised program ended.</summary>
internal enum SupervisorEnd
{
    /// <summary>By itself.</summary>
    Exited,

    /// <summary>It sent its result, but did not end in the time allowed after it.</summary>
    EndedAfterResult,

    /// <summary>A limit of time or silence was reached.</summary>
    TimedOut,

    /// <summary>Somebody asked for it.</summary>
    Cancelled,

    /// <summary>Its supervisor was told to end, or died.</summary>
    Interrupted,

    /// <summary>It could not be started.</summary>
    NotStarted,

    /// <summary>Its cost or its tokens passed the limit while it worked.</summary>
    OverBudget,

    /// <summary>
    /// The service of its model refused its key or could not be reached, by its own events, or no answer of a model was seen in time.
    /// </summary>
    NoService,

    /// <summary>
    /// It could not be started, because the system had no file, process or memory for it at this moment. Nothing was begun.
    /// </summary>
    Shortage,
}
