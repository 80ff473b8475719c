namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>What was measured, one value for each time.</summary>
internal sealed class Samples(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    public int Count => _sorted.Length;

    public double Min => _sorted[0];

    public double Max => _sorted[^1];

    public double Median => (_sorted[(Count - 1) / 2] + _sorted[Count / 2]) / 2;

    /// <summary>The smallest value that 99 of 100 do not exceed.</summary>
    public double Percentile99 => _sorted[(int)Math.Ceiling(Count * 0.99) - 1];
}
