using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>From the start of the process to the first answers, beside other servers, and the memory then.</summary>
internal static class StartBesidePeers
{
    private const int Schedules = 10;
    private const double MostOfMemoryServer = 0.15;
    private const double MostOfCron = 2.5;
    private const double MostOfItsMemory = 0.5;
    private const double MostToSchedules = 1.5;
    private const string List = "tools/list";
    private const string Bare = "bare SDK server";

    public static async Task<bool> RunAsync(BenchmarkRun run, string? bare, int rounds, CancellationToken cancellationToken)
    {
        var floor = await BareServer.FindAsync(bare, cancellationToken);
        var peers = await Peers.InstallAsync(run.Place.Create("npm"), cancellationToken);
        var (empty, full) = (run.Place.Create("empty"), run.Place.Create("scheduled"));
        WorkspaceFiles.WriteSchedules(full, WorkspaceFiles.FarCrons(Schedules));
        var (memory, tasks, none) = (run.Place.Create("memory"), run.Place.Create("tasks"), run.Place.Create("none"));
        await File.WriteAllTextAsync(Path.Combine(none, "nothing.json"), """{"content":[]}""", cancellationToken);
        var ours = new Started("loop-orchestrator", run.Program.Stdio(), empty);
        var scheduled = new Started($"loop-orchestrator, list_schedules with {Schedules}", run.Program.Stdio(), full)
        {
            Method = "tools/call",
            Parameters = """{"name":"list_schedules","arguments":{}}""",
        };
        var graph = new Started(Peers.MemoryName, peers.Memory(memory), memory);
        var cron = new Started(Peers.CronName, peers.Cron(tasks), tasks);
        var least = new Started(Bare, floor.Stdio(none), none);
        Started[] all = [ours, scheduled, graph, cron, least];
        for (var round = -1; round < rounds; round++)
        {
            foreach (var one in Turns.Of(all, round + 1))
            {
                // The first round does not count: the programs come from the disk.
                await one.MeasureAsync(round >= 0, cancellationToken);
            }
        }

        var times = Table.OfSamples($"start to the first answer, ms ({rounds} rounds)");
        foreach (var one in all)
        {
            times.Add(one.Name, new Samples(one.Times));
            run.Results.Add($"{one.Name}, ms", new Samples(one.Times), null);
        }

        var memories = Table.OfSamples("resident memory then, MB");
        foreach (var one in all)
        {
            memories.Add(one.Name, new Samples(one.Memories));
        }

        var ratios = Table.OfSamples("ratio of each round");
        Samples Ratio(string name, List<double> values, List<double> others, string against)
        {
            var ratio = new Samples(values.Zip(others, static (value, other) => value / other));
            ratios.Add(name, ratio, "0.00");
            run.Results.Add(name, ratio, against);
            return ratio;
        }

        var ofMemoryServer = Ratio("time beside server-memory", ours.Times, graph.Times, graph.Name);
        var ofCron = Ratio("time beside mcp-cron", ours.Times, cron.Times, cron.Name);
        Ratio("time beside the bare SDK", ours.Times, least.Times, least.Name);
        var ofItsMemory = Ratio("memory beside server-memory", ours.Memories, graph.Memories, graph.Name);
        Ratio("memory beside mcp-cron", ours.Memories, cron.Memories, cron.Name);
        var toSchedules = Ratio("time to list_schedules beside tools/list", scheduled.Times, ours.Times, List);
        return Table.Verdict(
                $"at most {MostOfMemoryServer} of server-memory's time: {ofMemoryServer.Median:0.00}",
                ofMemoryServer.Median <= MostOfMemoryServer
            )
            & Table.Verdict($"at most {MostOfCron} of mcp-cron's time: {ofCron.Median:0.00}", ofCron.Median <= MostOfCron)
            & Table.Verdict(
                $"at most {MostOfItsMemory} of server-memory's memory: {ofItsMemory.Median:0.00}",
                ofItsMemory.Median <= MostOfItsMemory
            )
            & Table.Verdict(
                $"list_schedules in at most {MostToSchedules} of the time to tools/list: {toSchedules.Median:0.00}",
                toSchedules.Median <= MostToSchedules
            );
    }

    /// <summary>A server that is started again and again.</summary>
    /// <param name="Name">What the tables call it.</param>
    /// <param name="Command">How it is started.</param>
    /// <param name="Folder">Where.</param>
    private sealed record Started(string Name, ServerCommand Command, string Folder)
    {
        public string Method { get; init; } = List;

        public string Parameters { get; init; } = "{}";

        public List<double> Times { get; } = [];

        public List<double> Memories { get; } = [];

        public async Task MeasureAsync(bool counts, CancellationToken cancellationToken)
        {
            var start = Stopwatch.GetTimestamp();
            await using var server = Server.Start(Command, Folder);
            await server.InitializeAsync(cancellationToken);
            await server.RequestAsync(Method, Parameters, cancellationToken);
            var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (counts)
            {
                Times.Add(time);
                Memories.Add(ProcessFigures.ResidentMegabytes(server.Id));
            }
        }
    }
}
