using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// How long the answer of <c>cancel_run</c> takes, and how long the processes live on, where they ignore the polite signal and one has left
/// the session.
/// </summary>
internal static class CancelBenchmark
{
    private const double MaxMilliseconds = 100;
    private static readonly string[] Stubborn =
    [
        "sh",
        "-c",
        "trap '' TERM; setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' & while :; do sleep 1; done",
    ];

    public static Command Create()
    {
        var rounds = CommonOptions.Number("--rounds", 20, 1, 1_000, "Runs, one after the other.");
        return new Command(
            "cancel",
            $"From a call of cancel_run to its answer, at most {MaxMilliseconds} ms, and to the end of all processes of the run. Linux."
        )
        {
            rounds,
        }.WithServer((parsed, program, place, cancellationToken) => RunAsync(program, place, parsed.GetValue(rounds), cancellationToken));
    }

    private static async Task<bool> RunAsync(ServerProgram program, TemporaryFolder place, int rounds, CancellationToken cancellationToken)
    {
        var workspace = place.Create("workspace");
        WorkspaceFiles.WriteCommandAgent(workspace, 1, Stubborn);
        await using var server = Server.Start(program, workspace, "--trust-workspace");
        await server.InitializeAsync(cancellationToken);
        List<double> answered = [],
            gone = [];
        for (var round = 0; round <= rounds; round++)
        {
            var id = (string)
                (
                    await server.CallAsync(
                        "run_mode",
                        new JsonObject { ["mode"] = WorkspaceFiles.Mode, ["task"] = "Nothing." },
                        cancellationToken
                    )
                )["run_id"]!;
            while (Workers(id) < 4)
            {
                await Task.Delay(10, cancellationToken);
            }

            var start = Stopwatch.GetTimestamp();
            await server.CallAsync("cancel_run", new JsonObject { ["run_id"] = id }, cancellationToken);
            var answer = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            while (Workers(id) > 0)
            {
                await Task.Delay(5, cancellationToken);
            }

            // The first pays for what the rest finds done.
            if (round > 0)
            {
                answered.Add(answer);
                gone.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            await server.CallAsync("get_run", new JsonObject { ["run_id"] = id, ["wait_seconds"] = 50 }, cancellationToken);
        }

        var table = Table.OfSamples($"cancel_run, ms ({rounds} runs)");
        table.Add("to its answer", new Samples(answered));
        table.Add("to the end of all processes", new Samples(gone));
        Console.WriteLine($"The grace is {WorkspaceFiles.KillGraceSeconds} s, and every process ignores the polite signal.");
        var inTime = answered.Count(static answer => answer <= MaxMilliseconds);
        return Table.Verdict($"each answer at most {MaxMilliseconds} ms after the call ({inTime} of {rounds})", inTime == rounds);
    }

    // By what all of them inherit: the environment.
    private static int Workers(string runId)
    {
        var mark = $"LOOP_RUN_ID={runId}\0";
        return Directory
            .EnumerateDirectories("/proc")
            .Count(folder =>
            {
                try
                {
                    return char.IsAsciiDigit(Path.GetFileName(folder)[0])
                        && $"{File.ReadAllText($"{folder}/environ")}\0".Contains(mark, StringComparison.Ordinal);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // It ended meanwhile, or is somebody else's.
                    return false;
                }
            });
    }
}
