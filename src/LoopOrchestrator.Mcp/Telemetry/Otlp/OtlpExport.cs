using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Telemetry.Otlp;

/// <summary>
/// Sends traces and metrics while the configuration names a collector, the workspace is trusted and a person has seen the address. Nothing
/// of what sends is loaded before. It begins before the loop and ends behind it, so that all ends have a listener.
/// </summary>
internal sealed partial class OtlpExport(Workspace workspace, TimeProvider time, ILogger<OtlpExport> logger) : BackgroundService
{
    // How things stand is measured as often as it is sent at the most; whether it may be sent is looked at as often.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly RepeatFilter _trouble = new();
    private OtlpPipeline? _pipeline;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (workspace.Telemetry.Endpoint is null)
        {
            return Task.CompletedTask;
        }

        Follow();
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Close();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                Follow();
                if (_pipeline is not null)
                {
                    await MeasureAsync(stoppingToken);
                }

                await Task.Delay(Interval, time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends; what was measured until then is sent when the pipeline is closed.
        }
    }

    // Sends from now on, or no more.
    private void Follow()
    {
        if (!workspace.Telemetry.IsApproved())
        {
            Close();
            return;
        }

        try
        {
            _pipeline ??= Open();
        }
        catch (Exception exception)
        {
            // A variable that the library cannot read, say: whatever it is, work goes on without.
            Report(exception.Message);
        }
    }

    // In a method of its own: the library is loaded when this one is compiled.
    private OtlpPipeline Open()
    {
        var endpoint = workspace.Telemetry.Endpoint!;
        var pipeline = new OtlpPipeline(endpoint, Path.GetFileName(workspace.Paths.Root), Report);
        Log.Sends(logger, endpoint.GetLeftPart(UriPartial.Authority));
        return pipeline;
    }

    private void Close()
    {
        _pipeline?.Dispose();
        _pipeline = null;
    }

    private void Report(string? error)
    {
        if (error is null)
        {
            _trouble.Clear();
        }
        else if (_trouble.IsNew(error))
        {
            Log.NotSent(logger, error);
        }
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
