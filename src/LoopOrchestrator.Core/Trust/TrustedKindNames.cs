namespace LoopOrchestrator.Core.Trust;

/// <summary>How kinds are called in lists and reports.</summary>
public static class TrustedKindNames
{
    /// <summary>The name of a kind: lower case, words separated by a space.</summary>
    public static string Name(this TrustedKind kind) =>
        kind switch
        {
            TrustedKind.Agent => "agent",
            TrustedKind.Gate => "gate",
            TrustedKind.Sync => "sync",
            TrustedKind.OnlyIf => "onlyIf",
            TrustedKind.CommitGate => "commit gate",
            TrustedKind.Push => "push",
            TrustedKind.EscalationCommand => "escalation",
            TrustedKind.Webhook => "webhook",
            TrustedKind.DeadMan => "dead_man",
            TrustedKind.NoticeCommand => "notice command",
            TrustedKind.NoticeWebhook => "notice webhook",
            TrustedKind.Telemetry => "telemetry",
            TrustedKind.ModeGroups => "mode groups",
            TrustedKind.ModeAgent => "mode agent",
            TrustedKind.DefaultAgent => "default agent",
            _ => "step agent",
        };
}
