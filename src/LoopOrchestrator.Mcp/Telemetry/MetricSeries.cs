namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>What was measured by one instrument with one set of attributes. Safe for many threads.</summary>
/// <param name="labels">The attributes as the text format has them, without braces; empty for none.</param>
/// <param name="bounds">The upper bounds of the buckets; none for what is no distribution.</param>
internal sealed class MetricSeries(string labels, IReadOnlyList<double> bounds)
{
    private readonly Lock _gate = new();
    private readonly long[] _buckets = new long[bounds.Count];
    private double _value;
    private long _count;

    /// <summary>The attributes.</summary>
    public string Labels => labels;

    /// <summary>Adds a measurement of a counter or a distribution.</summary>
    public void Add(double value)
    {
        lock (_gate)
        {
            _value += value;
            _count++;
            for (var index = 0; index < _buckets.Length; index++)
            {
                _buckets[index] += value <= bounds[index] ? 1 : 0;
            }
        }
    }

    /// <summary>Puts a measurement in the place of the one before.</summary>
    public void Set(double value)
    {
        lock (_gate)
        {
            _value = value;
        }
    }

    /// <summary>Reads all of it at one moment.</summary>
    public MetricReading Read()
    {
        lock (_gate)
        {
            return new MetricReading(labels, _value, _count, [.. _buckets]);
        }
    }
}
