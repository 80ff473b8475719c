namespace LoopOrchestrator.Core.Servers;

/// <summary>How a session stands.</summary>
public enum SessionState
{
    /// <summary>Its process has the scheduler lock.</summary>
    Holding,

    /// <summary>Its process let go of the lock in order.</summary>
    Ended,

    /// <summary>Its process died with the lock.</summary>
    Crashed,
}
