namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>Prints results for people. Numbers are right-aligned, so that they can be compared at a glance.</summary>
internal sealed class Table
{
    private const int NameWidth = 46;
    private readonly TextWriter _output = Console.Out;

    public Table(string title, params IEnumerable<string> columns)
    {
        _output.WriteLine();
        Add(title, columns);
    }

    /// <summary>A table of smallest, middle and largest values.</summary>
    public static Table OfSamples(string title) => new(title, "min", "median", "max");

    public void Add(string name, params IEnumerable<string> cells) =>
        _output.WriteLine($"{name,-NameWidth}{string.Concat(cells.Select(static cell => $"{cell,12}"))}");

    public void Add(string name, Samples samples, string format = "0.0") =>
        Add(name, samples.Min.ToString(format), samples.Median.ToString(format), samples.Max.ToString(format));

    /// <summary>Prints a bound and whether it is met.</summary>
    public static bool Verdict(string bound, bool met)
    {
        Console.WriteLine($"{(met ? "met   " : "MISSED")} {bound}");
        return met;
    }
}
