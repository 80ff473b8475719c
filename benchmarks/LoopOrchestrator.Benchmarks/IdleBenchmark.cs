using System.CommandLine;
using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What a server costs that has nothing to do, and whether schedules cost anything while they are not due.</summary>
internal static class IdleBenchmark
{
    private const double BoundPercent = 0.2;

    public static Command Create()
    {
        var schedules = CommonOptions.Number("--schedules", 100, 2, 5_000, "Active schedules of the one server; the other has 1.");
        var seconds = CommonOptions.Number("--seconds", 30, 1, 86_400, "How long to measure.");
        var peers = CommonOptions.WithPeers();
        var settle = CommonOptions.Number("--settle", 5, 0, 3_600, "Seconds after the start that do not count.");
        return new Command(
            "idle",
            $"Processor time (below {BoundPercent} %), descriptors and threads of a server whose schedules are due in hours. Linux."
        )
        {
            schedules,
            seconds,
            settle,
            peers,
        }.WithResults(
            async (parsed, run, cancellationToken) =>
            {
                var (count, time, before) = (parsed.GetValue(schedules), parsed.GetValue(seconds), parsed.GetValue(settle));
                await using var peer = parsed.GetValue(peers) ? await StartPeerAsync(run, count, cancellationToken) : null;
                return await RunAsync(run, peer, count, time, before, cancellationToken);
            }
        );
    }

    private static async Task<Server> StartPeerAsync(BenchmarkRun run, int tasks, CancellationToken cancellationToken)
    {
        var installed = await Peers.InstallAsync(run.Place.Create("npm"), cancellationToken);
        var folder = run.Place.Create("tasks");
        var cron = installed.Cron(folder);
        await Peers.AddTasksAsync(cron, folder, tasks, cancellationToken);
        var server = Server.Start(cron, folder);
        await server.InitializeAsync(cancellationToken);
        return server;
    }

    private static async Task<bool> RunAsync(
        BenchmarkRun run,
        Server? peer,
        int schedules,
        int seconds,
        int settle,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("idle reads /proc and so runs on Linux only.");
        }

        // All at the same time, so that they see the same machine.
        var (one, many) = (Prepare(run.Place, 1), Prepare(run.Place, schedules));
        await using var single = Server.Start(run.Program, one, "--trust-workspace");
        await using var full = Server.Start(run.Program, many, "--trust-workspace");
        await single.InitializeAsync(cancellationToken);
        await full.InitializeAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(settle), cancellationToken);

        List<int> processes = peer is null ? [single.Id, full.Id] : [single.Id, full.Id, peer.Id];
        var start = Stopwatch.GetTimestamp();
        var before = processes.ConvertAll(ProcessFigures.Read);
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        var after = processes.ConvertAll(ProcessFigures.Read);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (Ledger.Occurrences(one).Count + Ledger.Occurrences(many).Count is var fired and > 0)
        {
            throw new BenchmarkException($"The servers were not idle: {fired} occurrences are in their ledgers.");
        }

        var active = await full.CallAsync("list_schedules", [], cancellationToken);
        // A long list is cut, and says how many there are.
        if (
            active["schedules"]?.AsArray().Count != schedules
            && !active.ToJsonString().Contains($" of {schedules} in schedules", StringComparison.Ordinal)
        )
        {
            throw new BenchmarkException($"The server does not know {schedules} schedules: {active.ToJsonString()}");
        }

        var percent = before.Zip(after, (first, last) => (last.CpuSeconds - first.CpuSeconds) / elapsed * 100).ToList();
        var wakeUps = before.Zip(after, (first, last) => last.SwitchesSince(first) / elapsed * 60).ToList();
        string[] names = ["1 schedule", $"{schedules}", "mcp-cron"];
        var table = new Table($"idle for {elapsed:0.0} s", names.Take(processes.Count));
        table.Add("processor time, % of one processor", percent.Select(static value => $"{value:0.00}"));
        table.Add("wake-ups a minute", wakeUps.Select(static value => $"{value:0}"));
        table.Add("open descriptors", after.Select(static figures => $"{figures.Descriptors}"));
        table.Add("threads", after.Select(static figures => $"{figures.Threads}"));
        table.Add("resident memory, MB", processes.Select(static process => $"{ProcessFigures.ResidentMegabytes(process):0.0}"));
        run.Results.Add($"processor time with {schedules} schedules, %", new Samples([percent[1]]), null);
        if (peer is not null)
        {
            run.Results.Add($"wake-ups with {schedules} schedules", new Samples([wakeUps[1] / wakeUps[2]]), $"{Peers.CronName}, as many");
        }

        // A pooled connection or a timer's thread may come or go; one for each schedule would be a hundred.
        var most = after[0].Descriptors + (schedules / 10);
        var threads = after[0].Threads + (schedules / 10);
        return Table.Verdict($"processor time below {BoundPercent} %", percent[1] < BoundPercent)
            & Table.Verdict("no descriptor and no thread for each schedule", after[1].Descriptors <= most && after[1].Threads <= threads);
    }

    private static string Prepare(TemporaryFolder place, int schedules)
    {
        var workspace = place.Create($"with-{schedules}");
        WorkspaceFiles.WriteSchedules(workspace, WorkspaceFiles.FarCrons(schedules));
        return workspace;
    }
}
