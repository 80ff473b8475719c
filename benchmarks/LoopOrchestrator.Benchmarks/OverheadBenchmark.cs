using System.CommandLine;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What a run costs beyond the program that it runs: the ledger, the files, the supervisor.</summary>
internal static class OverheadBenchmark
{
    private const double MaxAlone = 60;
    private const double MaxBesideOthers = 100;

    public static Command Create()
    {
        var rounds = CommonOptions.Number("--rounds", 20, 1, 1_000, "Pairs, one after the other.");
        var parallel = CommonOptions.Number("--parallel", 11, 1, 64, "Runs at once in the second and third part.");
        return new Command("overhead", "Wall time of a run whose agent does nothing, beside starting the same program alone.")
        {
            rounds,
            parallel,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(rounds), parsed.GetValue(parallel), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int rounds,
        int parallel,
        CancellationToken cancellationToken
    )
    {
        var workspace = place.Create("workspace");
        WorkspaceFiles.WriteCommandAgent(workspace, parallel, EmptyRun.Program);
        await using var server = Server.Start(program, workspace, "--trust-workspace");
        await server.InitializeAsync(cancellationToken);
        Console.WriteLine($"disk:    {place.FileSystem}");
        var alone = await CompareAsync(server, workspace, "one after the other", rounds, 1, cancellationToken);
        var others = await Task.WhenAll(Enumerable.Range(1, parallel - 1).Select(number => BeginAsync(server, number, cancellationToken)));
        var beside = await CompareAsync(
            server,
            workspace,
            $"one after the other, each the {parallel}th beside {parallel - 1} that go on",
            rounds,
            1,
            cancellationToken
        );
        await Task.WhenAll(others.Select(id => EndAsync(server, id, cancellationToken)));
        var together = await CompareAsync(
            server,
            workspace,
            $"{parallel} asked for at the same moment",
            Math.Max(1, rounds / 4),
            parallel,
            cancellationToken
        );
        Console.WriteLine(
            "Asked to ended is the ledger's created_at to ended_at; until the answer is what a caller of run_mode with wait_seconds sees."
        );
        Console.WriteLine(
            $"To the whole for each: until the last of those that began together is over, less the same for {EmptyRun.Program[0]} "
                + "alone, divided by their number."
        );
        return Table.Verdict(
                $"one after the other: median {alone.Each.Median:0.0} ms added, less than {MaxAlone:0}",
                alone.Each.Median < MaxAlone
            )
            & Table.Verdict(
                $"the {parallel}th beside {parallel - 1}: median {beside.Each.Median:0.0} ms added, less than {MaxBesideOthers:0}",
                beside.Each.Median < MaxBesideOthers
            )
            & Table.Verdict(
                $"{parallel} at the same moment: median {together.Whole.Median:0.0} ms added to the whole for each, less "
                    + $"than {MaxBesideOthers:0}",
                together.Whole.Median < MaxBesideOthers
            )
            & Table.Verdict(
                $"{parallel} at the same moment: median {together.Each.Median:0.0} ms added to each one's own time, less "
                    + $"than {MaxBesideOthers:0}",
                together.Each.Median < MaxBesideOthers
            );
    }

    private static async Task<(Samples Each, Samples Whole)> CompareAsync(
        Server server,
        string workspace,
        string title,
        int rounds,
        int parallel,
        CancellationToken cancellationToken
    )
    {
        // What comes first pays for what the rest finds done.
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => EmptyRun.AloneAsync(cancellationToken)));
        await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => EmptyRun.AskAsync(server, workspace, cancellationToken)));
        List<double> alone = [],
            ended = [],
            answered = [],
            addedEnded = [],
            addedAnswered = [],
            whole = [];
        for (var round = 0; round < rounds; round++)
        {
            var plain = await Task.WhenAll(Enumerable.Range(0, parallel).Select(_ => EmptyRun.AloneAsync(cancellationToken)));
            var runs = await Task.WhenAll(
                Enumerable.Range(0, parallel).Select(_ => EmptyRun.AskAsync(server, workspace, cancellationToken))
            );
            var beside = new Samples(plain).Median;
            alone.AddRange(plain);
            ended.AddRange(runs.Select(static run => run.Ended));
            answered.AddRange(runs.Select(static run => run.Answered));
            addedEnded.AddRange(runs.Select(run => run.Ended - beside));
            addedAnswered.AddRange(runs.Select(run => run.Answered - beside));
            whole.Add((runs.Max(static run => run.Answered) - plain.Max()) / parallel);
        }

        var table = Table.OfSamples($"{title}, ms ({rounds * parallel} pairs)");
        table.Add($"{EmptyRun.Program[0]} alone", new Samples(alone));
        table.Add("run, asked to ended", new Samples(ended));
        table.Add("run, until the answer", new Samples(answered));
        table.Add("added, asked to ended", new Samples(addedEnded));
        table.Add("added, until the answer", new Samples(addedAnswered));
        if (parallel > 1)
        {
            table.Add("added to the whole for each", new Samples(whole));
        }

        return (new Samples(addedEnded), new Samples(whole));
    }

    private static async Task<string> BeginAsync(Server server, int number, CancellationToken cancellationToken) =>
        (string)
            (
                await server.CallAsync(
                    "run_mode",
                    new JsonObject
                    {
                        ["mode"] = WorkspaceFiles.Mode,
                        ["task"] = $"Wait {number}.",
                        ["agent"] = WorkspaceFiles.Waiting,
                    },
                    cancellationToken
                )
            )["run_id"]!;

    private static async Task EndAsync(Server server, string id, CancellationToken cancellationToken)
    {
        await server.CallAsync("cancel_run", new JsonObject { ["run_id"] = id }, cancellationToken);
        await server.CallAsync("get_run", new JsonObject { ["run_id"] = id, ["wait_seconds"] = 50 }, cancellationToken);
    }
}
