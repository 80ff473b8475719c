using System.CommandLine;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// How late the ledger has the due moments of a minute that is full of them. The work is handed to whoever comes for it, so no program is
/// started; each schedule gets one run, which waits, and its later moments join that.
/// </summary>
internal static class LatenessBenchmark
{
    private const double Bound = 50;
    private const int SecondsOfMinute = 60;

    public static Command Create()
    {
        var schedules = CommonOptions.Number("--schedules", 1_000, 1, 1_000, "Schedules; the file has no place for more than 1000.");
        var each = CommonOptions.Number("--each", 10, 1, 60, "How often each is due in the minute; a divisor of 60.");
        return new Command(
            "lateness",
            $"10,000 occurrences that are due within one minute: ledger row on disk less due moment, p99 below {Bound} ms, beside a bare "
                + "thread that commits a row each second."
        )
        {
            schedules,
            each,
        }.WithResults(
            (parsed, run, cancellationToken) => RunAsync(run, parsed.GetValue(schedules), parsed.GetValue(each), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(BenchmarkRun run, int schedules, int each, CancellationToken cancellationToken)
    {
        if (SecondsOfMinute % each != 0)
        {
            throw new BenchmarkException($"--each is {each}, which is no divisor of {SecondsOfMinute}.");
        }

        Console.WriteLine($"disk:    {run.Place.FileSystem}");
        var workspace = run.Place.Create("workspace");
        var minute = NextMinute(DateTimeOffset.UtcNow.AddSeconds(20));
        var every = SecondsOfMinute / each;
        WorkspaceFiles.WriteHandOffs(workspace);
        WorkspaceFiles.WriteSchedules(workspace, Enumerable.Range(0, schedules).Select(index => Cron(index % every, every, minute)));
        await using var server = Server.Start(run.Program, workspace, "--trust-workspace");
        await server.InitializeAsync(cancellationToken);
        await server.CallAsync("list_schedules", [], cancellationToken);
        if (DateTimeOffset.UtcNow > minute.AddSeconds(-2))
        {
            throw new BenchmarkException("The server had not begun two seconds before the minute; the machine is too busy to measure on.");
        }

        using var watch = new LedgerWatch(workspace);
        var floor = Task.Factory.StartNew(
            () => BareLedger.Run(Path.Combine(run.Place.FullPath, "floor.db"), minute, SecondsOfMinute, cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        var following = Task.Factory.StartNew(
            () => watch.Follow(schedules * each, minute.AddSeconds(SecondsOfMinute * 2), cancellationToken),
            cancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        var late = new Samples(await following is { Count: > 0 } some ? some : throw new BenchmarkException("No moment was entered."));
        var bare = new Samples(await floor);
        var table = new Table($"late by, ms ({late.Count} due moments in a minute)", "min", "median", "p99", "max");
        foreach (
            var (name, samples) in (IEnumerable<(string, Samples)>)[("in the ledger, on disk", late), ("a bare row each second", bare)]
        )
        {
            table.Add(
                name,
                new[] { samples.Min, samples.Median, samples.Percentile99, samples.Max }.Select(static value => $"{value:0.0}")
            );
        }

        run.Results.Add("lateness, ms", late, null);
        run.Results.Add("p99 of lateness", new Samples([late.Percentile99 / bare.Percentile99]), "a bare row each second");
        return Table.Verdict($"each of {schedules * each} moments in the ledger: {late.Count}", late.Count == schedules * each)
            & Table.Verdict($"p99 below {Bound} ms: {late.Percentile99:0.0}", late.Percentile99 < Bound);
    }

    private static DateTimeOffset NextMinute(DateTimeOffset moment) =>
        new DateTimeOffset(moment.Year, moment.Month, moment.Day, moment.Hour, moment.Minute, 0, TimeSpan.Zero).AddMinutes(1);

    private static string Cron(int first, int every, DateTimeOffset minute)
    {
        var seconds = string.Join(',', Enumerable.Range(0, SecondsOfMinute / every).Select(index => first + (index * every)));
        return $"{seconds} {minute.Minute} {minute.Hour} {minute.Day} {minute.Month} *";
    }
}
