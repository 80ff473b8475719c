using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using LoopOrchestrator.Benchmarks.Measuring;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>Whether open pages of the dashboard hold up the loop, and what is left of them when they are closed.</summary>
internal static class StreamsBenchmark
{
    private const double LatenessBound = 1.2;
    private const double MemoryBound = 1.1;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var streams = CommonOptions.Number("--streams", 200, 1, 10_000, "Open streams of events, whose readers take nothing.");
        var seconds = CommonOptions.Number("--seconds", 120, 10, 86_400, "How long a schedule fires each second.");
        return new Command(
            "streams",
            $"Lateness of due moments beside open streams of events (99 of 100 at most {LatenessBound} times that without), and memory "
                + "when they are closed. Linux."
        )
        {
            streams,
            seconds,
        }.WithServer(
            (parsed, program, place, cancellationToken) =>
                RunAsync(program, place, parsed.GetValue(streams), parsed.GetValue(seconds), cancellationToken)
        );
    }

    private static async Task<bool> RunAsync(
        ServerProgram program,
        TemporaryFolder place,
        int streams,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchmarkException("streams reads /proc and so runs on Linux only.");
        }

        // Both at the same time, so that both see the same machine.
        var (alone, beside) = (Prepare(place, "alone"), Prepare(place, "beside"));
        await using var first = await HttpServer.StartAsync(program, alone, cancellationToken);
        await using var second = await HttpServer.StartAsync(program, beside, cancellationToken);

        // What the first page takes is taken by both.
        await first.PageAsync("/", cancellationToken);
        await second.PageAsync("/", cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        var before = ProcessFigures.ResidentMegabytes(second.Id);
        var readers = new List<Socket>();
        try
        {
            for (var reader = 0; reader < streams; reader++)
            {
                readers.Add(await OpenAsync(second.Address, cancellationToken));
            }

            await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
            var during = ProcessFigures.ResidentMegabytes(second.Id);
            var (without, with) = (Lateness(alone), Lateness(beside));
            readers.ForEach(static reader => reader.Dispose());
            await Task.Delay(Settle * 4, cancellationToken);
            return Report(
                streams,
                without,
                with,
                new Memory(before, during, ProcessFigures.ResidentMegabytes(second.Id), ProcessFigures.ResidentMegabytes(first.Id))
            );
        }
        finally
        {
            readers.ForEach(static reader => reader.Dispose());
        }
    }

    private static bool Report(int streams, Samples without, Samples with, Memory memory)
    {
        var table = new Table("a due moment found late by, ms", "median", "99 of 100", "max");
        table.Add("without streams", $"{without.Median:0.0}", $"{without.Percentile99:0.0}", $"{without.Max:0.0}");
        table.Add($"beside {streams} streams", $"{with.Median:0.0}", $"{with.Percentile99:0.0}", $"{with.Max:0.0}");
        var resident = new Table("resident memory, MB", "before", "during", "closed", "without streams");
        resident.Add(
            $"{streams} streams",
            $"{memory.Before:0.0}",
            $"{memory.During:0.0}",
            $"{memory.Closed:0.0}",
            $"{memory.Without:0.0}"
        );

        // Both servers have fired as often by then: what that left in memory is not the streams'.
        return Table.Verdict(
                $"99 of 100 at most {LatenessBound} times as late: {with.Percentile99 / without.Percentile99:0.00}",
                with.Percentile99 <= without.Percentile99 * LatenessBound
            )
            & Table.Verdict(
                $"memory afterwards at most {MemoryBound} times that of the server without: {memory.Closed / memory.Without:0.00}",
                memory.Closed <= memory.Without * MemoryBound
            );
    }

    private static string Prepare(TemporaryFolder place, string name)
    {
        var workspace = place.Create(name);
        WorkspaceFiles.WriteCommandAgent(workspace, 2, "true");
        WorkspaceFiles.WriteSchedules(workspace, ["* * * * * *"]);
        return workspace;
    }

    // Asks for the stream and reads nothing of it.
    private static async Task<Socket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
        var request = Encoding.ASCII.GetBytes($"GET /events HTTP/1.1\r\nHost: {address.Authority}\r\n\r\n");
        await socket.SendAsync(request.AsMemory(), cancellationToken);
        return socket;
    }

    private static Samples Lateness(string workspace)
    {
        var decided = Ledger.Occurrences(workspace).Where(static occurrence => occurrence.Decided is not null).ToList();
        return decided.Count > 1
            ? new Samples(decided.Skip(1).Select(static occurrence => (occurrence.Decided!.Value - occurrence.Last).TotalMilliseconds))
            : throw new BenchmarkException("No due moment was decided about.");
    }

    // In MB, of the server with streams before they were opened, while they were open and when they were closed; and of the other one then.
    private sealed record Memory(double Before, double During, double Closed, double Without);
}
