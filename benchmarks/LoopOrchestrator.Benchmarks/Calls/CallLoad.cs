using System.Diagnostics;
using LoopOrchestrator.Benchmarks.Measuring;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>A tool of a server, and its clients, each of which calls it again as soon as it has its answer.</summary>
/// <param name="Name">What the tables call it.</param>
/// <param name="Tool">The tool.</param>
/// <param name="Callers">The clients.</param>
internal sealed record CallLoad(string Name, string Tool, IReadOnlyList<Caller> Callers)
{
    /// <summary>Calls a second, of all clients together, for each turn.</summary>
    public List<double> Rates { get; } = [];

    /// <summary>The time that 99 of 100 calls of a turn did not exceed, in milliseconds, for each turn.</summary>
    public List<double> Slowest { get; } = [];

    /// <summary>The middle time of the calls of a turn, in milliseconds, for each turn.</summary>
    public List<double> Middles { get; } = [];

    /// <summary>Lets all clients call for that long.</summary>
    /// <param name="turn">How long.</param>
    /// <param name="counts">Whether the turn counts.</param>
    public void Run(TimeSpan turn, bool counts)
    {
        var times = Callers.Select(static _ => new List<double>()).ToList();
        Exception? failure = null;
        var start = Stopwatch.GetTimestamp();
        var threads = Callers
            .Select(
                (caller, index) =>
                    new Thread(() =>
                    {
                        try
                        {
                            Repeat(caller, start, turn, times[index]);
                        }
                        catch (Exception exception)
                            when (exception is BenchmarkException or IOException or System.Net.Sockets.SocketException)
                        {
                            failure = exception;
                        }
                    })
            )
            .ToList();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => thread.Join());
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (failure is not null)
        {
            throw new BenchmarkException($"{Name}: {failure.Message}");
        }

        if (counts)
        {
            var all = new Samples(times.SelectMany(static own => own));
            Rates.Add(all.Count / seconds);
            Middles.Add(all.Median);
            Slowest.Add(all.Percentile99);
        }
    }

    private void Repeat(Caller caller, long start, TimeSpan turn, List<double> times)
    {
        do
        {
            var call = Stopwatch.GetTimestamp();
            caller.Call(Tool);
            times.Add(Stopwatch.GetElapsedTime(call).TotalMilliseconds);
        } while (Stopwatch.GetElapsedTime(start) < turn);
    }
}
