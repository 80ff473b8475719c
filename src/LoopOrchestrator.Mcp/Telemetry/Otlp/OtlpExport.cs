using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Telemetry.Otlp;

/// <summary>
/// Sends traces and metrics while the configuration names a collector, the workspace is trusted and a person has seen the address. Nothing
/// of what sends is loaded before.
/// </summary>
internal sealed partial class OtlpExport(Workspace workspace, TimeProvider time, ILogger<OtlpExport> logger) : BackgroundService
{
    // How things stand is measured as often as it is sent at the most; whether it may be sent is looked at as often.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (workspace.Telemetry.Endpoint is null)
        {
            return;
        }

        OtlpPipeline? pipeline = null;
        try
        {
            while (true)
            {
                if (workspace.Telemetry.IsApproved())
                {
                    pipeline ??= Open();
                    await MeasureAsync(stoppingToken);
                }
                else
                {
                    pipeline?.Dispose();
                    pipeline = null;
                }

                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends; what was measured until now is sent by the end of the pipeline.
        }
        finally
        {
            pipeline?.Dispose();
        }
    }

    // In a method of its own: the library is loaded when this one is compiled.
    private OtlpPipeline Open()
    {
        var endpoint = workspace.Telemetry.Endpoint!;
        Log.Sends(logger, endpoint.GetLeftPart(UriPartial.Authority));
        return new OtlpPipeline(endpoint, Path.GetFileName(workspace.Paths.Root), error => Log.NotSent(logger, error));
    }

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        try
        {
            StatusMetrics.Record(await workspace.Status.ReadAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            Log.NotMeasured(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.TelemetrySends, LogLevel.Information, "Traces and metrics are sent to {Collector}")]
        public static partial void Sends(ILogger logger, string collector);

        [LoggerMessage(
            LogEvents.TelemetryNotSent,
            LogLevel.Warning,
            "Traces or metrics could not be sent to telemetry.otlpEndpoint: {Error}"
        )]
        public static partial void NotSent(ILogger logger, string error);

        [LoggerMessage(LogEvents.TelemetryNotMeasured, LogLevel.Warning, "How things stand could not be measured: {Error}")]
        public static partial void NotMeasured(ILogger logger, string error);
    }
}
