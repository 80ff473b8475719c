using System.CommandLine;
using LoopOrchestrator.Benchmarks.Calls;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// How fast calls are answered, with one and with several clients, over stdio and HTTP, beside the floor (a tool on the bare SDK, native,
/// that returns the same bytes) and beside mcp-cron.
/// </summary>
internal static class CallsBenchmark
{
    private const int Schedules = 10;
    private const double LeastOfBare = 0.6;
    private const double LeastOfCron = 1.5;
    private const double MostOfSlowest = 1.5;
    private const string List = "list_schedules";
    private const string Status = "get_status";

    public static Command Create()
    {
        var clients = CommonOptions.Number("--clients", 11, 2, 200, "Clients of the second part; over stdio each has its own server.");
        var turns = CommonOptions.Number("--turns", 10, 1, 10_000, "Turns of each server, one after another.");
        var length = CommonOptions.Number("--milliseconds", 500, 10, 600_000, "How long each turn takes.");
        var bare = CommonOptions.Bare();
        return new Command(
            "calls",
            $"Calls a second and p99 of {List} and {Status} with {Schedules} schedules: at least {LeastOfBare} of the rate of the bare SDK "
                + $"and {LeastOfCron} of mcp-cron's, p99 at most {MostOfSlowest} of the bare SDK's. Installs mcp-cron from npm. Linux, x64."
        )
        {
            clients,
            turns,
            length,
            bare,
        }.WithResults(
            async (parsed, run, cancellationToken) =>
            {
                var setup = await CallsSetup.MakeAsync(run, Schedules, [List, Status], parsed.GetValue(bare), cancellationToken);
                var met = true;
                foreach (var isHttp in (bool[])[false, true])
                {
                    foreach (var count in (int[])[1, parsed.GetValue(clients)])
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        met &= await MeasureAsync(
                            run,
                            setup,
                            isHttp,
                            count,
                            parsed.GetValue(turns),
                            TimeSpan.FromMilliseconds(parsed.GetValue(length)),
                            cancellationToken
                        );
                    }
                }

                return met;
            }
        );
    }

    private static async Task<bool> MeasureAsync(
        BenchmarkRun run,
        CallsSetup setup,
        bool isHttp,
        int clients,
        int turns,
        TimeSpan turn,
        CancellationToken cancellationToken
    )
    {
        await using var open = new OpenCallers();
        var ours = await CallsSetup.OpenAsync(open, setup.Ours, isHttp, clients, cancellationToken);
        var floor = await CallsSetup.OpenAsync(open, setup.Floor, isHttp, clients, cancellationToken);
        var cron = new CallLoad(
            $"{Peers.CronName}, list_tasks",
            "list_tasks",
            await CallsSetup.OpenAsync(open, setup.Cron, isHttp, clients, cancellationToken)
        );
        var (list, bareList) = (new CallLoad(List, List, ours), new CallLoad($"bare SDK, the same bytes as {List}", List, floor));
        var (status, bareStatus) = (new CallLoad(Status, Status, ours), new CallLoad($"bare SDK, those of {Status}", Status, floor));
        setup.CheckSameBytes(floor[0]);
        CallLoad[] all = [list, bareList, cron, status, bareStatus];
        for (var index = -1; index < turns; index++)
        {
            foreach (var load in Turns.Of(all, index + 1))
            {
                cancellationToken.ThrowIfCancellationRequested();
                load.Run(turn, counts: index >= 0);
            }
        }

        var where = $"{(isHttp ? "HTTP" : "stdio")}, {clients} client{(clients == 1 ? "" : "s")}";
        var table = new Table($"{where} ({turns} turns)", "calls/s", "p50, ms", "p99, ms");
        foreach (var load in all)
        {
            table.Add(
                load.Name,
                $"{new Samples(load.Rates).Median:0}",
                $"{new Samples(load.Middles).Median:0.000}",
                $"{new Samples(load.Slowest).Median:0.000}"
            );
            run.Results.Add($"{where}: {load.Name}, calls a second", new Samples(load.Rates), null, higherIsBetter: true);
            run.Results.Add($"{where}: {load.Name}, p99 in ms", new Samples(load.Slowest), null);
        }

        var ratios = Table.OfSamples("ratio of each turn");
        return Rate(ratios, run.Results, where, list, bareList, LeastOfBare)
            & Rate(ratios, run.Results, where, list, cron, LeastOfCron)
            & P99(ratios, run.Results, where, list, bareList)
            & Rate(ratios, run.Results, where, status, bareStatus, LeastOfBare)
            & P99(ratios, run.Results, where, status, bareStatus);
    }

    private static bool Rate(Table table, Results results, string where, CallLoad one, CallLoad other, double least)
    {
        var ratio = Ratio(one.Rates, other.Rates);
        table.Add($"{one.Name}: rate", ratio, "0.00");
        results.Add($"{where}: {one.Name}, rate", ratio, other.Name, higherIsBetter: true);
        return Table.Verdict($"{where}: at least {least} of {other.Name}: {ratio.Median:0.00}", ratio.Median >= least);
    }

    private static bool P99(Table table, Results results, string where, CallLoad one, CallLoad other)
    {
        var ratio = Ratio(one.Slowest, other.Slowest);
        table.Add($"{one.Name}: p99", ratio, "0.00");
        results.Add($"{where}: {one.Name}, p99", ratio, other.Name);
        return Table.Verdict($"{where}: p99 at most {MostOfSlowest} of {other.Name}: {ratio.Median:0.00}", ratio.Median <= MostOfSlowest);
    }

    private static Samples Ratio(List<double> one, List<double> other) => new(one.Zip(other, static (value, beside) => value / beside));
}
