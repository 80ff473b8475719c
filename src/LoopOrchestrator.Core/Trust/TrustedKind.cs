namespace LoopOrchestrator.Core.Trust;

/// <summary>What a person says yes to by trusting a workspace.</summary>
public enum TrustedKind
{
    /// <summary>A program that does runs, with its arguments and environment.</summary>
    Agent,

    /// <summary>A gate of a workflow's stage.</summary>
    Gate,

    /// <summary>A sync command of a workflow.</summary>
    Sync,

    /// <summary>The command of a schedule that is asked first.</summary>
    OnlyIf,

    /// <summary>A command that is asked before a commit.</summary>
    CommitGate,

    /// <summary>That commits are pushed.</summary>
    Push,

    /// <summary>The command that is told of escalations.</summary>
    EscalationCommand,

    /// <summary>The address that is told of escalations.</summary>
    Webhook,

    /// <summary>The address that is called while all is well.</summary>
    DeadMan,

    /// <summary>The command that is told of incidents.</summary>
    NoticeCommand,

    /// <summary>The address that is told of incidents.</summary>
    NoticeWebhook,

    /// <summary>The address to which traces and metrics are sent.</summary>
    Telemetry,

    /// <summary>What a mode of the workspace may do.</summary>
    ModeGroups,

    /// <summary>The agent of a mode.</summary>
    ModeAgent,

    /// <summary>The agent of modes that name none.</summary>
    DefaultAgent,

    /// <summary>The agent of a step of a workflow, where it is not its mode's.</summary>
    StepAgent,
}
