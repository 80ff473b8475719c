using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>What trust in the alarm covers: the addresses that are called, and the commands.</summary>
internal static class AlarmTrust
{
    /// <summary>All entries.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="file">What people call their file.</param>
    public static IReadOnlyList<TrustedEntry> Entries(AlarmSettings settings, string file) =>
        [.. DeadMan(settings, file), .. settings.Notices.Select(target => Entry(target, file))];

    /// <summary>The address that is called while all is well, where there is one.</summary>
    /// <inheritdoc cref="Entries"/>
    public static IReadOnlyList<TrustedEntry> DeadMan(AlarmSettings settings, string file) =>
        settings.DeadManUrl is { } address
            // Such an address is a key by itself: whoever knows it can say that all is well. People see where it leads.
            ?
            [
                TrustedEntry.Create(
                    TrustedKind.DeadMan,
                    $"{file}: alarm.deadManUrl",
                    address.GetLeftPart(UriPartial.Authority),
                    [address.OriginalString]
                ),
            ]
            : [];

    /// <summary>
    /// Who is told by a notice. Its place holds no number: an entry that moves within the list is the same one.
    /// </summary>
    public static TrustedEntry Entry(NoticeTarget target, string file) =>
        target.Webhook is { } address
            // What stands behind the authority is a key with many services.
            ? TrustedEntry.Create(
                TrustedKind.NoticeWebhook,
                $"{file}: notices.{target.Key}",
                address.GetLeftPart(UriPartial.Authority),
                [address.OriginalString, target.SecretVariable ?? ""]
            )
            : TrustedEntry.OfCommand(TrustedKind.NoticeCommand, $"{file}: notices.{target.Key}", target.Command);
}
