using System.CommandLine;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What is added to runs that are asked for one at a time and at the same moment, beside another program of ours.</summary>
internal static class TogetherBenchmark
{
    private const double Bound = 0.6;

    public static Command Create()
    {
        var rounds = CommonOptions.Number("--rounds", 20, 1, 1_000, "Rounds, in each of which all programs have a turn.");
        var parallel = CommonOptions.Number("--parallel", 11, 2, 64, "Runs that are asked for at the same moment.");
        var beside = CommonOptions.Beside("Another program, such as the one of the version before, which has its turns in between.");
        return new Command(
            "together",
            $"What is added to a run whose agent does nothing, alone and with others at the same moment; beside another program at most "
                + $"{Bound} of what that adds."
        )
        {
            rounds,
            parallel,
            beside,
        }.WithResults(
            async (parsed, run, cancellationToken) =>
            {
                await using var mine = await AskedServer.StartAsync(run, run.Program, "mine", parsed.GetValue(parallel), cancellationToken);
                await using var other = parsed.GetValue(beside) is { } path
                    ? await AskedServer.StartAsync(run, ServerProgram.Find(path), "other", parsed.GetValue(parallel), cancellationToken)
                    : null;
                AskedServer[] all = other is null ? [mine] : [mine, other];
                return await MeasureAsync(run, all, 1, parsed.GetValue(rounds), cancellationToken)
                    & await MeasureAsync(run, all, parsed.GetValue(parallel), parsed.GetValue(rounds), cancellationToken);
            }
        );
    }

    private static async Task<bool> MeasureAsync(
        BenchmarkRun run,
        AskedServer[] servers,
        int parallel,
        int rounds,
        CancellationToken cancellationToken
    )
    {
        var alone = new List<double>();
        var added = servers.Select(static _ => new List<double>()).ToList();
        var whole = servers.Select(static _ => new List<double>()).ToList();
        for (var round = -1; round < rounds; round++)
        {
            var plain = await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => EmptyRun.AloneAsync(cancellationToken)));
            foreach (var index in Turns.Of([.. Enumerable.Range(0, servers.Length)], round + 1))
            {
                var runs = await servers[index].AskAsync(parallel, cancellationToken);
                if (round >= 0)
                {
                    // What came first paid for what the rest finds done.
                    added[index].Add(runs.Average(static one => one.Ended) - plain.Average());
                    whole[index].Add(runs.Max(static one => one.Answered) - plain.Max());
                }
            }

            alone.AddRange(round >= 0 ? plain : []);
        }

        var title = parallel == 1 ? "one at a time" : $"{parallel} at the same moment";
        var table = Table.OfSamples($"{title}, ms ({rounds} rounds)");
        table.Add($"{EmptyRun.Program[0]} alone", new Samples(alone));
        for (var index = 0; index < servers.Length; index++)
        {
            var name = index == 0 ? "this program" : "the other one";
            table.Add($"{name}, added from asked to ended", new Samples(added[index]));
            table.Add($"{name}, added until the last answer", new Samples(whole[index]));
        }

        run.Results.Add($"{title}, added from asked to ended", Beside(added[0], alone), $"{EmptyRun.Program[0]} alone");
        if (servers.Length == 1)
        {
            return true;
        }

        var (each, all) = (Ratio(added), Ratio(whole));
        table.Add("ratio, asked to ended", each, "0.00");
        table.Add("ratio, until the last answer", all, "0.00");
        run.Results.Add($"{title}, added from asked to ended", each, "the other program");
        run.Results.Add($"{title}, added until the last answer", all, "the other program");
        return Table.Verdict($"{title}: at most {Bound} of what the other adds: {each.Median:0.00}", each.Median <= Bound);
    }

    private static Samples Beside(List<double> added, List<double> alone)
    {
        var middle = new Samples(alone).Median;
        return new Samples(added.Select(value => value / middle));
    }

    private static Samples Ratio(List<List<double>> pair) => new(pair[0].Zip(pair[1], static (one, other) => one / other));

    /// <summary>A server with an agent that does nothing.</summary>
    private sealed class AskedServer : IAsyncDisposable
    {
        private readonly Server _server;
        private readonly string _workspace;

        private AskedServer(Server server, string workspace) => (_server, _workspace) = (server, workspace);

        public static async Task<AskedServer> StartAsync(
            BenchmarkRun run,
            ServerProgram program,
            string name,
            int parallel,
            CancellationToken cancellationToken
        )
        {
            var workspace = run.Place.Create(name);
            WorkspaceFiles.WriteCommandAgent(workspace, parallel, EmptyRun.Program);
            var server = Server.Start(program, workspace, "--trust-workspace");
            await server.InitializeAsync(cancellationToken);
            return new AskedServer(server, workspace);
        }

        public Task<EmptyRun[]> AskAsync(int count, CancellationToken cancellationToken) =>
            Task.WhenAll(Enumerable.Range(0, count).Select(_ => EmptyRun.AskAsync(_server, _workspace, cancellationToken)));

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
