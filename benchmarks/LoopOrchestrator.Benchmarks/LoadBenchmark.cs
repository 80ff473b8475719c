using System.CommandLine;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What is left of the runs, and of readiness, when far more moments are due than can be run.</summary>
internal static class LoadBenchmark
{
    private const double MinShare = 0.8;
    private const double MaxTimes = 5;
    private const int Backlog = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var schedules = CommonOptions.Number("--schedules", 1_000, 2, 5_000, "Schedules that are due each second.");
        var seconds = CommonOptions.Number("--seconds", 20, 5, 3_600, "How long each turn is measured.");
        var turns = CommonOptions.Number("--turns", 3, 1, 100, "How often each is measured, in turn.");
        return new Command(
            "load",
            $"Runs per second of many schedules that are due each second, beside one with a backlog of {Backlog} moments "
                + $"(at least {MinShare}), and how long readiness takes beside an idle server (at most {MaxTimes} times)."
        )
        {
            schedules,
            seconds,
            turns,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(
                    program,
                    place,
                    parsed.GetValue(schedules),
                    TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    parsed.GetValue(turns),
                    cancellationToken
                )
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int schedules,
        TimeSpan time,
        int turns,
        CancellationToken cancellationToken
    )
    {
        var figures = new List<(Turn Idle, Turn One, Turn Many)>();
        for (var turn = 0; turn < turns; turn++)
        {
            var idle = await MeasureAsync(program, Prepare(place.Create($"idle-{turn}"), 1, "0 0 1 1 *"), time / 4, cancellationToken);
            var one = await MeasureAsync(program, Prepare(place.Create($"one-{turn}"), 1, "* * * * * *"), time, cancellationToken);
            var many = await MeasureAsync(
                program,
                Prepare(place.Create($"many-{turn}"), schedules, "* * * * * *"),
                time,
                cancellationToken
            );
            if (one.Runs == 0)
            {
                throw new BenchmarkException("The schedule with the backlog has started no run.");
            }

            figures.Add((idle, one, many));
        }

        var share = new Samples(figures.Select(static turn => turn.Many.RunsPerSecond / turn.One.RunsPerSecond));
        var times = new Samples(figures.Select(static turn => turn.Many.Readiness.Median / turn.Idle.Readiness.Median));
        var table = Table.OfSamples($"{schedules:N0} schedules each second ({turns} turns of {time.TotalSeconds:0} s)");
        table.Add(
            $"one schedule, {Backlog:N0} moments behind, runs started a second",
            new Samples(figures.Select(static turn => turn.One.RunsPerSecond))
        );
        table.Add("many schedules, runs started a second", new Samples(figures.Select(static turn => turn.Many.RunsPerSecond)));
        table.Add("share", share, "0.00");
        table.Add("readiness of an idle server, ms", new Samples(figures.Select(static turn => turn.Idle.Readiness.Median)));
        table.Add("readiness beside one schedule, ms", new Samples(figures.Select(static turn => turn.One.Readiness.Median)));
        table.Add("readiness beside many, ms", new Samples(figures.Select(static turn => turn.Many.Readiness.Median)));
        table.Add("slowest beside many, ms", new Samples(figures.Select(static turn => turn.Many.Readiness.Max)));
        table.Add("times as slow as idle", times);
        var ready = Table.Verdict($"median of readiness at most {MaxTimes} times that of an idle server", times.Median <= MaxTimes);
        return Table.Verdict($"at least {MinShare} of the runs of one schedule", share.Median >= MinShare) && ready;
    }

    private static string Prepare(string workspace, int schedules, string cron)
    {
        WorkspaceFiles.WriteCommandAgent(workspace, 2, OperatingSystem.IsWindows() ? ["cmd", "/c", "exit"] : ["true"]);
        WorkspaceFiles.WriteBacklog(workspace, schedules, cron, Backlog);
        return workspace;
    }

    /// <summary>Starts a server, lets a quarter of the time pass, and measures what follows.</summary>
    private static async Task<Turn> MeasureAsync(
        ServerProgram program,
        string workspace,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        await using var server = await HttpServer.StartAsync(program, workspace, cancellationToken);
        await Task.Delay(time / 4, cancellationToken);
        var from = TimeProvider.System.GetUtcNow();
        var readiness = new List<double>();
        while (TimeProvider.System.GetUtcNow() < from + time)
        {
            readiness.Add(await server.ReadinessAsync(cancellationToken));
            await Task.Delay(Pause, cancellationToken);
        }

        var to = TimeProvider.System.GetUtcNow();
        var runs = Ledger.RunsStarted(workspace, from, to);
        return new Turn(runs, runs / (to - from).TotalSeconds, new Samples(readiness));
    }

    private sealed record Turn(int Runs, double RunsPerSecond, Samples Readiness);
}
