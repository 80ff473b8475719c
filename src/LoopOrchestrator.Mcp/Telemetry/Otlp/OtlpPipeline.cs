using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Mcp.Bootstrap;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LoopOrchestrator.Mcp.Telemetry.Otlp;

/// <summary>
/// What listens and sends, from when it is made until it is disposed of: our own traces and metrics and those of the MCP SDK, as protobuf
/// over HTTP. How often and how much at once is said by the variables of OpenTelemetry (<c>OTEL_*</c>), as are headers with a key.
/// </summary>
internal sealed class OtlpPipeline : IDisposable
{
    /// <summary>What the resource says of whose traces and metrics they are.</summary>
    public const string WorkspaceAttribute = "loop.workspace";

    // What the SDK calls its source and its meter.
    private const string McpSource = "Experimental.ModelContextProtocol";

    // What is left at the end may be sent for this long, whatever the collector does.
    private const int FlushMilliseconds = 300;

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;

    /// <summary>Begins to listen.</summary>
    /// <param name="endpoint">The collector.</param>
    /// <param name="workspace">What the workspace is called, for whoever has several.</param>
    /// <param name="report">Is told why something was not sent, and <see langword="null"/> when something was.</param>
    /// <exception cref="Exception">A variable of OpenTelemetry is not what it should be, as the library finds it.</exception>
    public OtlpPipeline(Uri endpoint, string workspace, Action<string?> report)
    {
        var resource = ResourceBuilder
            .CreateDefault()
            .AddService(Product.Name, serviceVersion: Product.Version)
            .AddAttributes([new(WorkspaceAttribute, workspace)]);
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(LoopTraces.SourceName, McpSource)
            .AddOtlpExporter(options => Configure(options, endpoint, "v1/traces", report))
            .Build();
        try
        {
            _metrics = Sdk.CreateMeterProviderBuilder()
                .SetResourceBuilder(resource)
                .AddMeter(LoopMetrics.MeterName, McpSource)
                .AddOtlpExporter(options => Configure(options, endpoint, "v1/metrics", report))
                .Build();
        }
        catch
        {
            _traces.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _traces.Shutdown(FlushMilliseconds);
        _metrics.Shutdown(FlushMilliseconds);
        _traces.Dispose();
        _metrics.Dispose();
    }

    private static void Configure(OtlpExporterOptions options, Uri endpoint, string signal, Action<string?> report)
    {
        // With gRPC a proxy or a collector without HTTP/2 would be a trouble of its own.
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + signal);
        var limit = TimeSpan.FromMilliseconds(options.TimeoutMilliseconds);
        options.HttpClientFactory = () => new HttpClient(new OtlpWatch(report)) { Timeout = limit };
    }
}
