using System.CommandLine;
using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>What a server costs that has nothing to do, and whether schedules cost anything while they are not due.</summary>
internal static class IdleBenchmark
{
    private const double BoundPercent = 1;

    public static Command Create()
    {
        var schedules = CommonOptions.Number("--schedules", 100, 2, 5_000, "Active schedules of the one server; the other has 1.");
        var seconds = CommonOptions.Number("--seconds", 30, 1, 86_400, "How long to measure.");
        var settle = CommonOptions.Number("--settle", 5, 0, 3_600, "Seconds after the start that do not count.");
        return new Command(
            "idle",
            $"Processor time (below {BoundPercent} %), descriptors and threads of a server whose schedules are due in hours. Linux."
        )
        {
            schedules,
            seconds,
            settle,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(schedules), parsed.GetValue(seconds), parsed.GetValue(settle), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
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

        // Both at the same time, so that both see the same machine.
        var (one, many) = (Prepare(place, 1), Prepare(place, schedules));
        await using var single = Server.Start(program, one, "--trust-workspace");
        await using var full = Server.Start(program, many, "--trust-workspace");
        await single.InitializeAsync(cancellationToken);
        await full.InitializeAsync(cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(settle), cancellationToken);

        var start = Stopwatch.GetTimestamp();
        var before = (One: ProcessFigures.Read(single.Id), Many: ProcessFigures.Read(full.Id));
        await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
        var after = (One: ProcessFigures.Read(single.Id), Many: ProcessFigures.Read(full.Id));
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (Ledger.Occurrences(one).Count + Ledger.Occurrences(many).Count is var fired and > 0)
        {
            throw new BenchmarkException($"The servers were not idle: {fired} occurrences are in their ledgers.");
        }

        var active = await full.CallAsync("list_schedules", [], cancellationToken);
        if (active["schedules"]?.AsArray().Count != schedules)
        {
            throw new BenchmarkException($"The server does not know {schedules} schedules: {active.ToJsonString()}");
        }

        var table = new Table($"idle for {elapsed:0.0} s", "1 schedule", $"{schedules}");
        table.Add(
            "processor time, % of one processor",
            Percent(before.One, after.One, elapsed).ToString("0.00"),
            Percent(before.Many, after.Many, elapsed).ToString("0.00")
        );
        table.Add("open descriptors", $"{after.One.Descriptors}", $"{after.Many.Descriptors}");
        table.Add("threads", $"{after.One.Threads}", $"{after.Many.Threads}");
        table.Add(
            "voluntary context switches per second",
            Switches(before.One, after.One, elapsed),
            Switches(before.Many, after.Many, elapsed)
        );

        // A pooled connection or a timer's thread may come or go; one for each schedule would be a hundred.
        var most = after.One.Descriptors + (schedules / 10);
        var threads = after.One.Threads + (schedules / 10);
        var cheap = Table.Verdict($"processor time below {BoundPercent} %", Percent(before.Many, after.Many, elapsed) < BoundPercent);
        return Table.Verdict(
                "no descriptor and no thread for each schedule",
                after.Many.Descriptors <= most && after.Many.Threads <= threads
            ) && cheap;
    }

    private static string Prepare(TemporaryFolder place, int schedules)
    {
        var workspace = place.Create($"with-{schedules}");

        // Half a day away from now, each at another minute.
        var hour = DateTimeOffset.UtcNow.AddHours(12).Hour;
        WorkspaceFiles.WriteSchedules(workspace, Enumerable.Range(0, schedules).Select(index => $"{index % 60} {hour} * * *"));
        return workspace;
    }

    private static double Percent(ProcessFigures before, ProcessFigures after, double seconds) =>
        (after.CpuSeconds - before.CpuSeconds) / seconds * 100;

    private static string Switches(ProcessFigures before, ProcessFigures after, double seconds) =>
        (after.SwitchesSince(before) / seconds).ToString("0.0");
}
