using System.Collections.Concurrent;

namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>One instrument with all that it has measured. Safe for many threads.</summary>
/// <param name="name">Its name in the text format.</param>
/// <param name="kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="help">What it measures.</param>
internal sealed class Metric(string name, string kind, string help)
{
    /// <summary>The bounds of all distributions, which are spans of time: from a millisecond to a day.</summary>
    public static readonly IReadOnlyList<double> Bounds =
    [
        0.001,
        0.005,
        0.01,
        0.05,
        0.1,
        0.5,
        1,
        5,
        10,
        30,
        60,
        300,
        900,
        3600,
        14400,
        86400,
    ];

    // Attributes are modes and outcomes, of which there are few; whatever else comes must not fill the memory.
    private const int MaxSeries = 1000;

    private readonly ConcurrentDictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    /// <summary>Its name in the text format.</summary>
    public string Name => name;

    /// <summary>What kind it is.</summary>
    public string Kind => kind;

    /// <summary>What it measures.</summary>
    public string Help => help;

    /// <summary>Whether it is a distribution.</summary>
    public bool IsHistogram => kind == "histogram";

    /// <summary>What was measured, in the order of its attributes.</summary>
    public IReadOnlyList<MetricReading> Readings =>
        [.. _series.Values.OrderBy(static series => series.Labels, StringComparer.Ordinal).Select(static series => series.Read())];

    /// <summary>Takes a measurement.</summary>
    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        var labels = PrometheusText.Labels(attributes);
        if (!_series.TryGetValue(labels, out var series))
        {
            if (_series.Count >= MaxSeries)
            {
                return;
            }

            series = _series.GetOrAdd(labels, static (key, isHistogram) => new MetricSeries(key, isHistogram ? Bounds : []), IsHistogram);
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
