using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>What trust in the channels of escalations covers: the command, and the address.</summary>
internal static class EscalationTrust
{
    /// <summary>All entries.</summary>
    public static IEnumerable<TrustedEntry> Entries(EscalationChannels channels, string file) =>
        channels.Names.Select(name => Entry(name, channels, file)).OfType<TrustedEntry>();

    /// <summary>The entry of a channel; <see langword="null"/> when it is not configured.</summary>
    public static TrustedEntry? Entry(string channel, EscalationChannels channels, string file)
    {
        var place = $"{file}: escalation.{channel}";
        return channel switch
        {
            EscalationChannels.CommandChannel when channels.Command.Count > 0 => TrustedEntry.OfCommand(
                TrustedKind.EscalationCommand,
                place,
                channels.Command
            ),

            // What stands behind the path may be a key.
            EscalationChannels.WebhookChannel when channels.Webhook is { } address => TrustedEntry.Create(
                TrustedKind.Webhook,
                place,
                address.GetLeftPart(UriPartial.Path),
                [address.OriginalString]
            ),
            _ => null,
        };
    }
}
