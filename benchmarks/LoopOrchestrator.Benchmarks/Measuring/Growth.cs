namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>How a cost grows with a size.</summary>
internal static class Growth
{
    /// <summary>
    /// The exponent of the power of the size that fits the costs best, by least squares of the logarithms: 0 is a cost that stays the
    /// same, 1 one that doubles with the size.
    /// </summary>
    /// <param name="sizes">At least two different sizes.</param>
    /// <param name="costs">The cost at each.</param>
    public static double Exponent(IReadOnlyList<int> sizes, IReadOnlyList<double> costs)
    {
        var (x, y) = (sizes.Select(static size => Math.Log(size)).ToList(), costs.Select(static cost => Math.Log(cost)).ToList());
        var (middleX, middleY) = (x.Average(), y.Average());
        return x.Zip(y, (one, two) => (one - middleX) * (two - middleY)).Sum() / x.Sum(one => (one - middleX) * (one - middleX));
    }
}
