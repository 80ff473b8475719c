using System.CommandLine;
using System.Globalization;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>How late a running server deals with the moments at which a schedule is due.</summary>
internal static class FiringBenchmark
{
    private const double BoundMilliseconds = 100;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var occurrences = CommonOptions.Number("--occurrences", 20, 1, 10_000, "How many due moments.");
        var every = CommonOptions.Number("--every", 2, 1, 30, "Seconds between them.");
        return new Command(
            "firing",
            $"Lateness of real occurrences of a cron schedule; at most {BoundMilliseconds} ms until the run has begun."
        )
        {
            occurrences,
            every,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(occurrences), parsed.GetValue(every), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int count,
        int every,
        CancellationToken cancellationToken
    )
    {
        var workspace = place.Create("workspace");

        // The agent does nothing but say on which moment it was there (GNU date knows %N; another one is left out of the table).
        WorkspaceFiles.WriteCommandAgent(workspace, 2, OperatingSystem.IsWindows() ? ["cmd", "/c", "exit"] : ["date", "+%s%N"]);
        WorkspaceFiles.WriteSchedules(workspace, [$"*/{every} * * * * *"]);
        var occurrences = await FireAsync(program, workspace, count, every, cancellationToken);

        var started = occurrences.Where(static occurrence => occurrence is { Outcome: "started", Started: not null }).ToList();
        if (started.Count == 0)
        {
            throw new BenchmarkException("No occurrence was started within the time that all should have taken.");
        }

        var table = Table.OfSamples($"late by, ms ({started.Count} occurrences, every {every} s)");
        table.Add("found due (decided_at)", Late(started, static occurrence => occurrence.Decided));
        table.Add("in the ledger, and its run begun (started_at)", Late(started, static occurrence => occurrence.Started));
        var seen = started
            .Select(occurrence => occurrence with { Started = AgentStart(workspace, occurrence.RunId!) })
            .Where(static occurrence => occurrence.Started is not null)
            .ToList();
        if (seen.Count > 0)
        {
            table.Add("agent running, by its own clock", Late(seen, static occurrence => occurrence.Started));
        }

        var moments = (int)Math.Round((occurrences[^1].Last - occurrences[0].Due).TotalSeconds / every) + 1;
        var whole = Table.Verdict(
            $"each of the {moments} due moments in the ledger and started on its own ({started.Count})",
            started.Count == moments
        );
        var inTime = started.Count(static occurrence =>
            (occurrence.Started!.Value - occurrence.Due).TotalMilliseconds <= BoundMilliseconds
        );
        return Table.Verdict(
                $"each run begun at most {BoundMilliseconds} ms after its due moment ({inTime} of {started.Count})",
                inTime == started.Count
            ) && whole;
    }

    private static async Task<IReadOnlyList<LedgerOccurrence>> FireAsync(
        ServerProgram program,
        string workspace,
        int count,
        int every,
        CancellationToken cancellationToken
    )
    {
        await using var server = Server.Start(program, workspace, "--trust-workspace");
        await server.InitializeAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds((count + 1) * every), cancellationToken);

        // Twice the time is enough for anything but a server that fires nothing.
        for (var patience = count * every + 10; ; patience--)
        {
            var all = Ledger.Occurrences(workspace);
            var ended = all.TakeWhile(static occurrence => occurrence.Outcome is not (null or "started") || occurrence.Ended is not null)
                .Take(count)
                .ToList();
            if (ended.Count >= count || patience <= 0)
            {
                return ended.Count > 0 ? ended : throw new BenchmarkException($"No occurrence came to an end; the ledger has {all.Count}.");
            }

            await Task.Delay(PollInterval, cancellationToken);
        }
    }

    private static Samples Late(IEnumerable<LedgerOccurrence> occurrences, Func<LedgerOccurrence, DateTimeOffset?> moment) =>
        new(occurrences.Select(occurrence => (moment(occurrence)!.Value - occurrence.Due).TotalMilliseconds));

    private static DateTimeOffset? AgentStart(string workspace, string runId)
    {
        var output = Path.Combine(workspace, ".loop", "runs", runId, "output.log");
        return
            File.Exists(output)
            && long.TryParse(File.ReadAllText(output).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
            ? DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100)
            : null;
    }
}
