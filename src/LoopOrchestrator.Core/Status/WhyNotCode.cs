namespace LoopOrchestrator.Core.Status;

/// <summary>The kinds of reasons why a schedule or a waiting run does not run now.</summary>
public enum WhyNotCode
{
    /// <summary>The schedule is inactive in its file.</summary>
    Inactive,

    /// <summary>It is paused, alone or with all others.</summary>
    Paused,

    /// <summary>What it names is not there.</summary>
    StartsNothing,

    /// <summary>No process fires schedules or starts runs.</summary>
    NoServer,

    /// <summary>It was due and nothing fired it.</summary>
    Overdue,

    /// <summary>Its <c>onlyIf</c> command is asked first.</summary>
    Checking,

    /// <summary>It waits for the end of other work of its schedule.</summary>
    Busy,

    /// <summary>As many runs wait as may.</summary>
    QueueFull,

    /// <summary>Its latest moment was left out or missed.</summary>
    LeftOut,

    /// <summary>It is not due yet.</summary>
    NotDue,

    /// <summary>It is never due again.</summary>
    NeverDue,

    /// <summary>Its hand-off waits for an agent to take it.</summary>
    Unclaimed,

    /// <summary>The workspace is not trusted.</summary>
    Untrusted,

    /// <summary>Something that it would execute has not been seen by a person.</summary>
    HeldBack,

    /// <summary>Nobody is signed in to its agent.</summary>
    SignedOut,

    /// <summary>The service of its agent's model could not be reached.</summary>
    NoService,

    /// <summary>It waits for the reset of its agent's usage limit.</summary>
    UsageLimit,

    /// <summary>It waits out the pause before a further attempt.</summary>
    Retry,

    /// <summary>As many runs go on as may.</summary>
    AtCapacity,

    /// <summary>Somebody asked for its end.</summary>
    Ending,

    /// <summary>Nothing keeps it: it is about to start.</summary>
    Starting,
}
