using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Telemetry.Export;

/// <summary>What trust in telemetry covers: the address to which it is sent.</summary>
internal static class TelemetryTrust
{
    /// <summary>Its entry, where there is an address.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="file">What people call their file.</param>
    public static IReadOnlyList<TrustedEntry> Entries(TelemetrySettings settings, string file) =>
        settings.OtlpEndpoint is { } address
            ?
            [
                TrustedEntry.Create(
                    TrustedKind.Telemetry,
                    $"{file}: telemetry.otlpEndpoint",
                    address.GetLeftPart(UriPartial.Authority),
                    [address.OriginalString]
                ),
            ]
            : [];
}
