using System.CommandLine;
using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// From the start of the process to the answer to <c>tools/list</c>: whether a folder full of files makes it slower, and how it compares
/// with another program.
/// </summary>
internal static class StartBenchmark
{
    private const double Bound = 1.2;

    public static Command Create()
    {
        var pairs = CommonOptions.Number("--pairs", 15, 1, 1000, "Paired starts.");
        var files = CommonOptions.Number("--files", 50_000, 1, 10_000_000, "Files in the full folder.");
        var folders = CommonOptions.Number("--folders", 5_000, 1, 1_000_000, "Folders that they are in.");
        var beside = CommonOptions.Beside(
            "Another program, such as the one of the version before: both are started in turn, in the empty folder alone."
        );
        var peers = CommonOptions.WithPeers();
        var bare = CommonOptions.Bare();
        return new Command(
            "start",
            $"Process start to the tools/list answer over stdio, from an empty and from a full folder; median ratio at most {Bound}. With "
                + "--peers beside other servers instead, with the memory then."
        )
        {
            pairs,
            files,
            folders,
            beside,
            peers,
            bare,
        }.WithResults(
            (parsed, run, cancellationToken) =>
                parsed.GetValue(peers) ? StartBesidePeers.RunAsync(run, parsed.GetValue(bare), parsed.GetValue(pairs), cancellationToken)
                : parsed.GetValue(beside) is { } other
                    ? CompareAsync(run, ServerProgram.Find(other), parsed.GetValue(pairs), cancellationToken)
                : RunAsync(run, parsed.GetValue(pairs), parsed.GetValue(files), parsed.GetValue(folders), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(BenchmarkRun run, int pairs, int files, int folders, CancellationToken cancellationToken)
    {
        var (program, place) = (run.Program, run.Place);
        var empty = place.Create("empty");
        var full = place.Create("full");
        WorkspaceFiles.Fill(full, files, folders);

        // One pair that does not count: the program comes from the disk, and each folder gets the server's own state.
        await MeasureAsync(program, empty, cancellationToken);
        await MeasureAsync(program, full, cancellationToken);
        var times = new List<(double Empty, double Full)>();
        for (var pair = 0; pair < pairs; pair++)
        {
            var first = await MeasureAsync(program, empty, cancellationToken);
            times.Add((first, await MeasureAsync(program, full, cancellationToken)));
        }

        var table = Table.OfSamples($"start to tools/list, ms ({pairs} pairs)");
        table.Add("empty folder", new Samples(times.Select(static pair => pair.Empty)));
        table.Add($"{files} files in {folders} folders", new Samples(times.Select(static pair => pair.Full)));
        var ratio = new Samples(times.Select(static pair => pair.Full / pair.Empty));
        table.Add("ratio of each pair", ratio, "0.00");
        run.Results.Add("full folder, time", ratio, "empty folder");
        return Table.Verdict($"median ratio at most {Bound}", ratio.Median <= Bound);
    }

    private static async Task<bool> CompareAsync(BenchmarkRun run, ServerProgram other, int pairs, CancellationToken cancellationToken)
    {
        var program = run.Program;
        var folder = run.Place.Create("empty");
        await MeasureAsync(program, folder, cancellationToken);
        await MeasureAsync(other, folder, cancellationToken);
        var mine = new List<double>();
        var others = new List<double>();
        for (var pair = 0; pair < pairs; pair++)
        {
            // The second of a pair has the files that the first one has read; each is the second as often.
            if (pair % 2 == 0)
            {
                others.Add(await MeasureAsync(other, folder, cancellationToken));
                mine.Add(await MeasureAsync(program, folder, cancellationToken));
            }
            else
            {
                mine.Add(await MeasureAsync(program, folder, cancellationToken));
                others.Add(await MeasureAsync(other, folder, cancellationToken));
            }
        }

        var table = Table.OfSamples($"start to tools/list, ms ({pairs} pairs)");
        table.Add("this program", new Samples(mine));
        table.Add("the other one", new Samples(others));
        var ratio = new Samples(mine.Zip(others, static (one, two) => one / two));
        table.Add("ratio of each pair", ratio, "0.00");
        run.Results.Add("time", ratio, "the other program");
        return true;
    }

    private static async Task<double> MeasureAsync(ServerProgram program, string folder, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await using var server = Server.Start(program, folder);
        await server.InitializeAsync(cancellationToken);
        await server.RequestAsync("tools/list", "{}", cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
