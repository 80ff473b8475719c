using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Benchmarks;

/// <summary>Whether a long time log makes anything slower: rows, reports, and the making of its index.</summary>
internal static class TimingBenchmark
{
    private const double RatioBound = 1.2;
    private const double SummaryBound = 100;
    private const double RebuildBound = 5;

    private static readonly DateTimeOffset Middle = new(2024, 12, 24, 13, 37, 0, TimeSpan.Zero);

    private static readonly (string Name, TimingReportOptions Options)[] Questions =
    [
        ("everything", new()),
        ("a mode", new() { Mode = "mode-07" }),
        ("a priority", new() { Priority = "todo" }),
        ("from a moment on", new() { From = Middle }),
        (
            "an hour of a mode, 1 s and longer",
            new()
            {
                From = Middle,
                To = Middle.AddHours(1),
                Mode = "mode-07",
                LongerThanSeconds = 1,
            }
        ),
    ];

    public static Command Create()
    {
        var rows = CommonOptions.Number("--rows", 1_000_000, 2, 100_000_000, "Rows of the long file.");
        var turns = CommonOptions.Number("--turns", 400, 1, 100_000, "Pairs of start and stop in each file, by turns.");
        var processes = CommonOptions.Number("--processes", 15, 1, 1_000, "New processes for each file, by turns.");
        return new Command(
            "timing",
            "A start and stop, a report and the making of the index with a long task_timing.tsv, beside an empty one."
        )
        {
            rows,
            turns,
            processes,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(rows), parsed.GetValue(turns), parsed.GetValue(processes), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int rows,
        int turns,
        int processes,
        CancellationToken cancellationToken
    )
    {
        Console.WriteLine($"disk:    {place.FileSystem}");
        var met = true;
        foreach (var tasks in (int[])[1_000, rows / 2])
        {
            met &= Reports(place.Create($"tasks-{tasks}"), rows, tasks, cancellationToken);
        }

        var (empty, full) = (place.Create("empty"), Path.Combine(place.FullPath, "tasks-1000"));
        met &= await RowsAsync(empty, full, turns, cancellationToken);
        met &= await ProcessesAsync(program, empty, full, processes, cancellationToken);
        return met;
    }

    private static bool Reports(string folder, int rows, int tasks, CancellationToken cancellationToken)
    {
        var paths = new WorkspacePaths(folder);
        TimingFile.Write(paths.Timing, rows / 2, tasks);
        StateFolder.Ensure(paths);
        using var log = SqliteIndexes.TimingLog(paths, TimeProvider.System);
        var table = Table.OfSamples($"{rows} rows, {tasks} tasks ({new FileInfo(paths.Timing).Length / 1_000_000} MB)");
        var rebuilds = new Samples(Enumerable.Range(0, 3).Select(_ => Time(() => log.Reindex(), cancellationToken)).ToList());
        table.Add("make the index from the file, ms", rebuilds);
        var slowest = 0.0;
        foreach (var (name, options) in Questions)
        {
            var asked = options with { Limit = 20 };
            log.Summarize(asked);
            var times = new Samples(Enumerable.Range(0, 15).Select(_ => Time(() => log.Summarize(asked), cancellationToken)).ToList());
            table.Add($"summary of {name}, ms", times);
            slowest = Math.Max(slowest, times.Median);
        }

        return Table.Verdict($"index made in at most {RebuildBound} s", rebuilds.Median <= RebuildBound * 1000)
            & Table.Verdict($"each median summary under {SummaryBound} ms", slowest < SummaryBound);
    }

    private static async Task<bool> RowsAsync(string empty, string full, int turns, CancellationToken cancellationToken)
    {
        using var shortLog = SqliteIndexes.TimingLog(new WorkspacePaths(empty), TimeProvider.System);
        using var longLog = SqliteIndexes.TimingLog(new WorkspacePaths(full), TimeProvider.System);
        await StartAndStopAsync(shortLog, cancellationToken);
        await StartAndStopAsync(longLog, cancellationToken);
        var times = new List<(double Short, double Long)>();
        for (var turn = 0; turn < turns; turn++)
        {
            var first = await StartAndStopAsync(shortLog, cancellationToken);
            times.Add((first, await StartAndStopAsync(longLog, cancellationToken)));
        }

        return Compare($"a start and a stop, ms ({turns} turns)", times);
    }

    private static async Task<bool> ProcessesAsync(
        ServerProgram program,
        string empty,
        string full,
        int processes,
        CancellationToken cancellationToken
    )
    {
        List<(double Short, double Long)> logs = [],
            lists = [];
        for (var turn = -1; turn < processes; turn++)
        {
            var first = await LogAsync(program, empty, cancellationToken);
            var log = (first, await LogAsync(program, full, cancellationToken));
            var second = await CallAsync(program, empty, cancellationToken);
            var list = (second, await CallAsync(program, full, cancellationToken));
            if (turn >= 0)
            {
                // The one before does not count: the program comes from the disk.
                logs.Add(log);
                lists.Add(list);
            }
        }

        var met = Compare($"new process, log_timing record, ms ({processes} turns)", logs);
        var table = Table.OfSamples($"new process, timing stats, ms ({processes} turns)");
        table.Add("empty file", new Samples(lists.Select(static pair => pair.Short)));
        table.Add("long file", new Samples(lists.Select(static pair => pair.Long)));
        var more = new Samples(lists.Select(static pair => pair.Long - pair.Short));
        table.Add("more for the long file", more);
        return Table.Verdict($"the long file takes less than {SummaryBound} ms more", more.Median < SummaryBound) & met;
    }

    private static bool Compare(string title, List<(double Short, double Long)> times)
    {
        var table = Table.OfSamples(title);
        var (shorts, longs) = (new Samples(times.Select(static pair => pair.Short)), new Samples(times.Select(static pair => pair.Long)));
        table.Add("empty file", shorts, "0.00");
        table.Add("long file", longs, "0.00");
        return Table.Verdict(
            $"ratio of the medians {longs.Median / shorts.Median:0.00}, at most {RatioBound}",
            longs.Median / shorts.Median <= RatioBound
        );
    }

    private static async Task<double> StartAndStopAsync(TimingLog log, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var start = await log.StartAsync(new TimingStart("Measure a start and a stop", WorkspaceFiles.Mode), cancellationToken);
        await log.StopAsync(new TimingStop(start.TaskId), cancellationToken);
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static async Task<double> LogAsync(ServerProgram program, string folder, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        await using var server = Server.Start(program, folder);
        await server.InitializeAsync(cancellationToken);
        await server.CallAsync(
            "log_timing",
            new JsonObject
            {
                ["action"] = "record",
                ["task"] = "Measure",
                ["mode"] = WorkspaceFiles.Mode,
                ["start_time"] = "2026-01-01T00:00:00Z",
                ["end_time"] = "2026-01-01T00:00:01Z",
            },
            cancellationToken
        );
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }

    private static async Task<double> CallAsync(ServerProgram program, string folder, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        var info = new ProcessStartInfo(program.Path)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.ArgumentList.Add("timing");
        info.ArgumentList.Add("stats");
        using var process = Process.Start(info)!;
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(begin).TotalMilliseconds
            : throw new BenchmarkException($"timing stats ended with {process.ExitCode}: {await errors}");
    }

    private static double Time(Action action, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var begin = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
    }
}
