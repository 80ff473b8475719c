using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Telemetry.Export;

/// <summary>
/// Where traces and metrics are sent, and whether they may be: the address is under trust as every other. Safe for many threads.
/// </summary>
public sealed class TelemetryExport
{
    private readonly TelemetrySettings _settings;
    private readonly string _file;
    private readonly ApprovedEntries _seen;

    internal TelemetryExport(TelemetrySettings settings, string file, ApprovedEntries seen) =>
        (_settings, _file, _seen) = (settings, file, seen);

    /// <summary>The address; <see langword="null"/> where nothing is to be sent.</summary>
    public Uri? Endpoint => _settings.OtlpEndpoint;

    /// <summary>Whether it may be sent to now: the workspace is trusted, and a person has seen the address.</summary>
    public bool IsApproved() => _seen.Trust.IsTrusted && _seen.WhyHeld(TelemetryTrust.Entries(_settings, _file)) is null;
}
