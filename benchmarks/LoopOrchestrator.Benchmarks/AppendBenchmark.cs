using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// Durable rows of the time log per second, beside what the same disk allows. With batching it allows as many rows as a loop makes durable
/// that writes one row of each caller in one piece, and syncs it: more than that no program can acknowledge to callers that wait.
/// </summary>
internal static class AppendBenchmark
{
    private const string Work = "Measure how many rows a second become durable";
    private const double MinShare = 60;
    private const double MaxMilliseconds = 10;

    // As long as a row of the log, and appended like one, so that the file grows as the log does.
    private static readonly byte[] Row = System.Text.Encoding.UTF8.GetBytes(
        $"2026-01-01T00:00:00.000Z\t{WorkspaceFiles.Mode}"
            + $"\t0123abcd\t2026-01-01T00:00:00.000Z\t2026-01-01T00:00:00.000Z\t0\t{Work}\tcompleted\tnormal\n"
    );

    public static Command Create()
    {
        var callers = CommonOptions.Number("--callers", 11, 1, 1_000, "Callers at once, in one process.");
        var length = CommonOptions.Number(
            "--milliseconds",
            300,
            10,
            600_000,
            "How long each turn takes. Short ones, because what else the disk and the processors do changes from second to second."
        );
        var turns = CommonOptions.Number("--turns", 50, 1, 10_000, "Turns of each kind, one after another.");
        return new Command("append", "Durable time log rows per second, beside the disk's own limit.")
        {
            callers,
            length,
            turns,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(
                    program,
                    place,
                    parsed.GetValue(callers),
                    TimeSpan.FromMilliseconds(parsed.GetValue(length)),
                    parsed.GetValue(turns),
                    cancellationToken
                )
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int callers,
        TimeSpan turn,
        int turns,
        CancellationToken cancellationToken
    )
    {
        Console.WriteLine($"disk:    {place.FileSystem}");
        var log = SqliteIndexes.TimingLog(new WorkspacePaths(place.Create("workspace")), TimeProvider.System);
        await using var server = Server.Start(program, place.Create("served"));
        await server.InitializeAsync(cancellationToken);
        Task Record() => RecordAsync(log, cancellationToken);
        Task Call() => CallAsync(server, cancellationToken);
        List<double> single = [],
            limit = [],
            least = [],
            rows = [],
            calls = [],
            singleTimes = [],
            limitTimes = [],
            leastTimes = [],
            rowTimes = [],
            callTimes = [];
        await RepeatAsync(Record, callers, TimeSpan.FromMilliseconds(300), []);
        await RepeatAsync(Call, callers, TimeSpan.FromMilliseconds(300), []);
        using var alone = new SyncLoop(Path.Combine(place.FullPath, "single"), Row, 1);
        using var together = new SyncLoop(Path.Combine(place.FullPath, "batch"), Row, callers);
        using var bare = new BareGroupCommit(Path.Combine(place.FullPath, "bare"), Row, callers);
        for (var index = 0; index < turns; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            single.Add(alone.Run(turn, singleTimes));
            limit.Add(together.Run(turn, limitTimes));
            least.Add(await RepeatAsync(bare.AppendAsync, callers, turn, leastTimes));
            rows.Add(await RepeatAsync(Record, callers, turn, rowTimes));
            calls.Add(await RepeatAsync(Call, callers, turn, callTimes));
        }

        var share = new Samples(rows.Zip(limit, static (row, most) => row / most * 100));
        var rates = Table.OfSamples($"rows per second ({turns} turns of {turn.TotalMilliseconds:0} ms)");
        rates.Add("disk, a row for each sync", new Samples(single), "0");
        rates.Add($"disk, {callers} rows for each sync: the limit", new Samples(limit), "0");
        rates.Add($"bare group commit, {callers} callers", new Samples(least), "0");
        rates.Add("share of the limit, %", new Samples(least.Zip(limit, static (row, most) => row / most * 100)));
        rates.Add($"time log, {callers} callers", new Samples(rows), "0");
        rates.Add("share of the limit, %", share);
        rates.Add($"log_timing over stdio, {callers} calls at once", new Samples(calls), "0");
        rates.Add("share of the limit, %", new Samples(calls.Zip(limit, static (row, most) => row / most * 100)));
        var times = new Table("one of them, ms", "min", "median", "p99", "max");
        Add(times, "disk, a row and its sync", new Samples(singleTimes));
        Add(times, $"disk, {callers} rows and their sync", new Samples(limitTimes));
        Add(times, "bare group commit", new Samples(leastTimes));
        Add(times, "time log", new Samples(rowTimes));
        Add(times, "log_timing over stdio", new Samples(callTimes));
        return Table.Verdict($"time log: median share of the limit {share.Median:0.0} %, at least {MinShare:0}", share.Median >= MinShare)
            & Table.Verdict(
                $"time log: p99 {new Samples(rowTimes).Percentile99:0.00} ms, below {MaxMilliseconds:0}",
                new Samples(rowTimes).Percentile99 < MaxMilliseconds
            );
    }

    private static void Add(Table table, string name, Samples samples) =>
        table.Add(
            name,
            new[] { samples.Min, samples.Median, samples.Percentile99, samples.Max }.Select(static value => value.ToString("0.00"))
        );

    private static Task<TimingEntry> RecordAsync(TimingLog log, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        return log.RecordAsync(new TimingRecord(Work, WorkspaceFiles.Mode, now, now), cancellationToken);
    }

    private static Task<JsonObject> CallAsync(Server server, CancellationToken cancellationToken) =>
        server.CallAsync(
            "log_timing",
            new JsonObject
            {
                ["action"] = "record",
                ["task"] = Work,
                ["mode"] = WorkspaceFiles.Mode,
                ["start_time"] = "2026-01-01T00:00:00Z",
                ["end_time"] = "2026-01-01T00:00:00Z",
            },
            cancellationToken
        );

    private static async Task<double> RepeatAsync(Func<Task> append, int callers, TimeSpan turn, List<double> times)
    {
        var start = Stopwatch.GetTimestamp();
        var each = await Task.WhenAll(
            Enumerable
                .Range(0, callers)
                .Select(async _ =>
                {
                    await Task.Yield();
                    var own = new List<double>();
                    while (Stopwatch.GetElapsedTime(start) < turn)
                    {
                        var call = Stopwatch.GetTimestamp();
                        await append();
                        own.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
                    }

                    return own;
                })
        );
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        times.AddRange(each.SelectMany(static own => own));
        return each.Sum(static own => own.Count) / seconds;
    }
}
