using System.Collections.Concurrent;
using LoopOrchestrator.Mcp.Served;

namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>One instrument with all that it has measured. Safe for many threads.</summary>
/// <param name="name">Its name in the text format.</param>
/// <param name="kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="help">What it measures.</param>
/// <param name="bounds">The upper bounds of what a distribution counts, ascending; none for the others.</param>
internal sealed class Metric(string name, string kind, string help, IReadOnlyList<double> bounds)
{
    // Attributes are modes and outcomes, of which there are few; whatever else comes must not fill the memory.
    private const int MaxSeries = 1000;

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Its name in the text format.</summary>
    public string Name => name;

    /// <summary>What kind it is.</summary>
    public string Kind => kind;

    /// <summary>What it measures.</summary>
    public string Help => help;

    /// <summary>The upper bounds of what a distribution counts, ascending.</summary>
    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>Whether it is a distribution.</summary>
    public bool IsHistogram => kind == "histogram";

    /// <summary>What was measured, in the order of its attributes.</summary>
    public IReadOnlyList<MetricReading> Readings =>
        [.. _series.Values.OrderBy(static series => series.Labels, StringComparer.Ordinal).Select(static series => series.Read())];

    /// <summary>Takes a measurement.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        var labels = PrometheusText.Labels(attributes, ServedWorkspaces.Current);
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd(labels, static (key, bounds) => new MetricSeries(key, bounds), bounds);
        }

        if (kind == "gauge")
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }
}
