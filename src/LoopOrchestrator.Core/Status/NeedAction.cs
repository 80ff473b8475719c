namespace LoopOrchestrator.Core.Status;

/// <summary>The one thing to do about something that needs a person.</summary>
public enum NeedAction
{
    /// <summary>Answer the questions of a run.</summary>
    Answer,

    /// <summary>Resolve an escalation, once its cause is mended.</summary>
    Resolve,

    /// <summary>Let an agent go on, once its service is mended.</summary>
    ResumeAgent,

    /// <summary>What the text says, where the server runs.</summary>
    AtTheServer,

    /// <summary>Look at it, and say so.</summary>
    Acknowledge,
}
