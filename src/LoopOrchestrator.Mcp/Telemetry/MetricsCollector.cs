using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LoopOrchestrator.Core.Telemetry;

namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>Listens to the loop's meter and keeps sums. Made only where somebody may ask for them. Safe for many threads.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, Metric> _metrics = new(StringComparer.Ordinal);

    public MetricsCollector()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == LoopMetrics.MeterName)
            {
                listener.EnableMeasurementEvents(instrument, Of(instrument));
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            static (_, value, attributes, metric) => (metric as Metric)?.Measure(value, attributes)
        );
        _listener.SetMeasurementEventCallback<double>(
            static (_, value, attributes, metric) => (metric as Metric)?.Measure(value, attributes)
        );
        _listener.Start();
    }

    /// <summary>All metrics, in the order of their names.</summary>
    public IReadOnlyList<Metric> Metrics => [.. _metrics.Values.OrderBy(static metric => metric.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private Metric Of(Instrument instrument)
    {
        var kind = instrument switch
        {
            Counter<long> => "counter",
            Histogram<double> => "histogram",
            _ => "gauge",
        };
        var name = PrometheusText.Name(instrument.Name, instrument.Unit, kind);
        return _metrics.GetOrAdd(
            name,
            static (key, given) => new Metric(key, given.kind, given.help, given.bounds),
            (kind, help: instrument.Description ?? "", bounds: (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries ?? [])
        );
    }
}
