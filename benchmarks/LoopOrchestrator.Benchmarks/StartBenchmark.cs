using System.CommandLine;
using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>From the start of the process to the answer to <c>tools/list</c>: whether a folder full of files makes it slower.</summary>
internal static class StartBenchmark
{
    private const double Bound = 1.2;

    public static Command Create()
    {
        var pairs = CommonOptions.Number("--pairs", 15, 1, 1000, "Paired starts.");
        var files = CommonOptions.Number("--files", 50_000, 1, 10_000_000, "Files in the full folder.");
        var folders = CommonOptions.Number("--folders", 5_000, 1, 1_000_000, "Folders that they are in.");
        return new Command(
            "start",
            $"Process start to the tools/list answer over stdio, from an empty and from a full folder; median ratio at most {Bound}."
        )
        {
            pairs,
            files,
            folders,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(pairs), parsed.GetValue(files), parsed.GetValue(folders), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int pairs,
        int files,
        int folders,
        CancellationToken cancellationToken
    )
    {
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
        return Table.Verdict($"median ratio at most {Bound}", ratio.Median <= Bound);
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
