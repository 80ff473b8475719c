namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>What kind of failure an attempt ended with: it decides whether the run is tried again.</summary>
public enum RunFailure
{
    /// <summary>The work failed: a non-zero exit, an error result, a report of failure. Tried again.</summary>
    Work,

    /// <summary>
    /// The program is missing or cannot be started, the agent or the mode is not there. Trying again would change nothing.
    /// </summary>
    Configuration,

    /// <summary>
    /// Nothing was begun, because its start could not be recorded or the system had no file, process or room for it.
    /// Waits and is started again, and does not count.
    /// </summary>
    Recording,

    /// <summary>The agent's usage limit is reached. Waits for its reset, and does not count.</summary>
    UsageLimit,

    /// <summary>It reached its budget of cost or tokens.</summary>
    Budget,

    /// <summary>The model refused the task. The same task would be refused again, so it is not tried again.</summary>
    Refused,

    /// <summary>The model's service refused the agent's key. A person has to sign in or correct it; not tried again.</summary>
    SignIn,

    /// <summary>
    /// The model's service could not be reached, or no answer of a model was seen: nothing of the work was judged. Not tried again.
    /// </summary>
    Service,

    /// <summary>
    /// Whoever had taken it is gone. Returns to the queue; the first times do not count, because it is no failure of the work.
    /// </summary>
    Lease,
}
