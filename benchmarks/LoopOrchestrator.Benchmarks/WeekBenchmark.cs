using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Benchmarks;

/// <summary>
/// What memory a server has after the work of a week, done one after another as fast as it goes: the due moments of a week, every five
/// minutes, each with a run; as many looks as it takes by itself, one each 30 s; and calls of a client that is open all the time.
/// Time itself does not pass: what depends on a clock alone (rows that become too old) is not in it.
/// </summary>
internal static class WeekBenchmark
{
    private const double Bound = 55;
    private const int Runs = 7 * 24 * 12;
    private const int Looks = 7 * 24 * 60 * 2;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(9);
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(10);
    private static readonly string[] Reads = ["list_schedules", "get_status", "list_runs", "get_timing", "read_memory", "list_modes"];

    public static Command Create()
    {
        var calls = CommonOptions.Number("--calls", 10_000, 0, 10_000_000, "Calls of a client.");
        return new Command(
            "week",
            $"Resident memory after the work of a week ({Runs} runs, {Looks} looks, calls), done at once: at most {Bound} MB. Linux."
        )
        {
            calls,
        }.WithResults((parsed, run, cancellationToken) => RunAsync(run, parsed.GetValue(calls), cancellationToken));
    }

    private static async Task<bool> RunAsync(BenchmarkRun run, int calls, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("week reads /proc and so runs on Linux only.");
        }

        var workspace = run.Place.Create("workspace");
        WorkspaceFiles.WriteCommandAgent(workspace, 4, EmptyRun.Program);
        WorkspaceFiles.WriteWeek(workspace);
        var bell = new WorkspacePaths(workspace).Bell;
        await using var server = Server.Start(run.Program, workspace, "--trust-workspace");
        var start = Stopwatch.GetTimestamp();
        await server.InitializeAsync(cancellationToken);
        await server.RequestAsync("tools/list", "{}", cancellationToken);
        var first = ProcessFigures.ResidentMegabytes(server.Id);
        var memory = new List<double>();
        var (made, rung, ended) = (0, 0, 0);
        while (ended < Runs && Stopwatch.GetElapsedTime(start) < Limit)
        {
            // In step with the runs, so that calls and looks meet all stages of the week.
            ended = Ledger.RunsEnded(workspace);
            for (; made < (long)calls * ended / Runs; made++)
            {
                await CallAsync(server, made, cancellationToken);
            }

            for (; rung < (long)Looks * ended / Runs; rung++)
            {
                RunBell.Ring(bell);
                await Task.Delay(1, cancellationToken);
            }

            memory.Add(ProcessFigures.ResidentMegabytes(server.Id));
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await Task.Delay(Settle, cancellationToken);
        var last = ProcessFigures.ResidentMegabytes(server.Id);
        var all = new Samples(memory);
        var table = new Table($"resident memory, MB ({ended} runs, {rung} looks, {made} calls in {seconds:0} s)", "first", "most", "after");
        table.Add("server", $"{first:0.0}", $"{all.Max:0.0}", $"{last:0.0}");
        run.Results.Add("memory during the week, MB", all, null);
        run.Results.Add("memory after the week", new Samples([last / first]), "that after tools/list");
        return Table.Verdict($"all of the week's {Runs} runs have ended: {ended}", ended >= Runs)
            & Table.Verdict($"at most {Bound} MB: {last:0.0}", last <= Bound);
    }

    private static Task<JsonObject> CallAsync(Server server, int number, CancellationToken cancellationToken) =>
        (number % 10) switch
        {
            0 => server.CallAsync(
                "log_timing",
                new JsonObject
                {
                    ["action"] = "record",
                    ["task"] = $"Work {number}",
                    ["mode"] = WorkspaceFiles.Mode,
                    ["start_time"] = "2026-01-01T00:00:00Z",
                    ["end_time"] = "2026-01-01T00:01:00Z",
                },
                cancellationToken
            ),
            1 => server.CallAsync(
                "append_memory",
                new JsonObject { ["section"] = "updates", ["content"] = $"What was found in call {number}." },
                cancellationToken
            ),
            _ => server.CallAsync(Reads[number % Reads.Length], [], cancellationToken),
        };
}
