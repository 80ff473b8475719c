using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Processes;

namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>
/// Keeps figures by the commit of the program that was measured: a line of JSON for each, added to <c>COMMIT.jsonl</c> in a folder. Where a
/// figure is there already, the line that comes later counts. <c>tools/compare-benchmarks</c> compares two such files.
/// </summary>
internal sealed class Results
{
    private readonly string _benchmark;
    private readonly string? _file;

    private Results(string benchmark, string? file) => (_benchmark, _file) = (benchmark, file);

    /// <param name="benchmark">What is measured.</param>
    /// <param name="program">The program that is.</param>
    /// <param name="folder">Where to; <see langword="null"/> keeps nothing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Results> OpenAsync(
        string benchmark,
        ServerProgram program,
        string? folder,
        CancellationToken cancellationToken
    )
    {
        if (folder is null)
        {
            return new Results(benchmark, null);
        }

        Directory.CreateDirectory(folder);
        return new Results(benchmark, Path.Combine(folder, $"{await program.CommitAsync(cancellationToken)}.jsonl"));
    }

    /// <summary>Keeps a figure.</summary>
    /// <param name="figure">Its name, which has to stay the same from commit to commit.</param>
    /// <param name="samples">Its values; the middle one is compared.</param>
    /// <param name="against">
    /// What of the same run it is a ratio to; <see langword="null"/> for a figure of this machine and hour, which is kept and not judged.
    /// </param>
    /// <param name="higherIsBetter">Rates; all else is better when it is lower.</param>
    public void Add(string figure, Samples samples, string? against, bool higherIsBetter = false)
    {
        if (_file is null)
        {
            return;
        }

        var line = new JsonObject
        {
            ["benchmark"] = _benchmark,
            ["figure"] = figure,
            ["against"] = against,
            ["better"] = higherIsBetter ? "higher" : "lower",
            ["median"] = samples.Median,
            ["min"] = samples.Min,
            ["max"] = samples.Max,
            ["count"] = samples.Count,
            ["processors"] = Environment.ProcessorCount,
            ["load"] = MachineLoad.Now,
            ["at"] = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"),
        };
        File.AppendAllText(_file, line.ToJsonString() + "\n");
    }
}
