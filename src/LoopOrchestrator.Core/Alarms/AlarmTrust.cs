using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Alarms;

/// <summary>What trust in the alarm covers: the address that is called.</summary>
internal static class AlarmTrust
{
    /// <summary>All entries.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="file">What people call their file.</param>
    public static IReadOnlyList<TrustedEntry> Entries(AlarmSettings settings, string file) =>
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
}
