using System.CommandLine;
using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Workspaces;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>Durable rows of the time log per second, beside what the same disk does with plain writes that are synced one by one.</summary>
internal static class AppendBenchmark
{
    private const string Work = "Measure how many rows a second become durable";

    public static Command Create()
    {
        var callers = CommonOptions.Number("--callers", 11, 1, 1_000, "Callers at once, in one process.");
        var seconds = CommonOptions.Number("--seconds", 3, 1, 600, "How long each turn takes.");
        var turns = CommonOptions.Number("--turns", 3, 1, 100, "Turns of each kind.");
        return new Command("append", "Durable time log rows per second through Core, beside a loop of write and fsync.") { callers, seconds, turns }
            .WithFolder((parsed, place, cancellationToken) =>
                RunAsync(place, parsed.GetValue(callers), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(turns), cancellationToken));
    }

    private static async Task<bool> RunAsync(TemporaryFolder place, int callers, TimeSpan turn, int turns, CancellationToken cancellationToken)
    {
        Console.WriteLine($"disk:    {place.FileSystem}");
        var log = new TimingLog(new WorkspacePaths(place.Create("workspace")), TimeProvider.System);
        List<double> plain = [], rows = [], plainTimes = [], rowTimes = [];
        await AppendAsync(log, callers, TimeSpan.FromMilliseconds(300), [], cancellationToken);
        for (var index = 0; index < turns; index++)
        {
            plain.Add(Sync(Path.Combine(place.FullPath, $"plain-{index}"), turn, plainTimes, cancellationToken));
            rows.Add(await AppendAsync(log, callers, turn, rowTimes, cancellationToken));
        }

        var rates = Table.OfSamples($"per second ({turns} turns of {turn.TotalSeconds:0} s)");
        rates.Add("write and fsync, 1 caller", new Samples(plain), "0");
        rates.Add($"log_timing rows, {callers} callers", new Samples(rows), "0");
        rates.Add("ratio of each turn", new Samples(rows.Zip(plain, static (row, sync) => row / sync)), "0.00");
        rates.Add($"share of {callers} rows for each fsync, %", new Samples(rows.Zip(plain, (row, sync) => row / (sync * callers) * 100)));
        var times = new Table("one call, ms", "min", "median", "p99", "max");
        Add(times, "write and fsync", new Samples(plainTimes));
        Add(times, "log_timing row", new Samples(rowTimes));
        return true;
    }

    private static void Add(Table table, string name, Samples samples) =>
        table.Add(name, new[] { samples.Min, samples.Median, samples.Percentile99, samples.Max }.Select(static value => value.ToString("0.00")));

    private static async Task<double> AppendAsync(TimingLog log, int callers, TimeSpan turn, List<double> times, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            await Task.Yield();
            var own = new List<double>();
            while (Stopwatch.GetElapsedTime(start) < turn)
            {
                var call = Stopwatch.GetTimestamp();
                var now = DateTimeOffset.UtcNow;
                await log.RecordAsync(new TimingRecord(Work, WorkspaceFiles.Mode, now, now), cancellationToken);
                own.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
            }

            return own;
        }));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        times.AddRange(each.SelectMany(static own => own));
        return each.Sum(static own => own.Count) / seconds;
    }

    private static double Sync(string path, TimeSpan turn, List<double> times, CancellationToken cancellationToken)
    {
        // As long as a row of the log, and appended like one, so that the file grows as the log does.
        var row = System.Text.Encoding.UTF8.GetBytes($"2026-01-01T00:00:00Z\t{WorkspaceFiles.Mode}\t0123abcd\t2026-01-01T00:00:00Z\t2026-01-01T00:00:00Z\t0\t{Work}\tcompleted\tnormal\n");
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var start = Stopwatch.GetTimestamp();
        var count = 0;
        for (; Stopwatch.GetElapsedTime(start) < turn; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var call = Stopwatch.GetTimestamp();
            RandomAccess.Write(file, row, (long)count * row.Length);
            RandomAccess.FlushToDisk(file);
            times.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
        }

        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
