namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>The order in which things are measured that are compared.</summary>
internal static class Turns
{
    /// <summary>All of them, beginning with another one each round: what comes first pays for what the rest finds done.</summary>
    public static IEnumerable<T> Of<T>(IReadOnlyList<T> all, int round) =>
        Enumerable.Range(0, all.Count).Select(index => all[(round + index) % all.Count]);
}
