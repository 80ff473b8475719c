namespace LoopOrchestrator.Core.Telemetry;

/// <summary>How others read what is measured, from <c>telemetry</c> in <c>mcp_startup.json</c>. By nothing as a default.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Whether a server over HTTP answers at <c>/metrics</c> in the text format of Prometheus (<c>prometheus</c>).</summary>
    public bool Prometheus { get; init; }

    /// <summary>
    /// The address of a collector to which traces and metrics are sent by OTLP over HTTP (<c>otlpEndpoint</c>), without the path of a
    /// signal: https, or http on this machine.
    /// </summary>
    public Uri? OtlpEndpoint { get; init; }
}
