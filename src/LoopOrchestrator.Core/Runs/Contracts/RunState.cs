namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>
/// Where a run stands. All but <see cref="Queued"/> and <see cref="Running"/> are final, except <see cref="NeedsInput"/>, which an answer
/// resumes.
/// </summary>
public enum RunState
{
    /// <summary>Waits to be started, or to be claimed when its agent is a hand-off.</summary>
    Queued,

    /// <summary>Somebody works on it.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended badly: a non-zero exit, a failure reported, or it could not be started.</summary>
    Failed,

    /// <summary>Reached its time limit; its processes are gone.</summary>
    TimedOut,

    /// <summary>Ended because somebody asked for it.</summary>
    Cancelled,

    /// <summary>Its supervisor died before it ended; what was left of it has been ended.</summary>
    Interrupted,

    /// <summary>Stopped with questions that a person has to answer.</summary>
    NeedsInput,
}
