using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// Counts the workers of a workspace in the process table, again and again on a thread of its own, and keeps what it saw: which runs
/// had more than one live process, and which runs were alive at the same moment.
/// </summary>
internal sealed class WorkerCensus : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _counting;
    private readonly HashSet<string> _runs = new(StringComparer.Ordinal);
    private readonly HashSet<(string, string)> _together = [];
    private readonly List<string> _doubles = [];

    public WorkerCensus(string root) => _counting = Task.Run(() => CountAsync(root));

    /// <summary>How often the table was read.</summary>
    public int Samples { get; private set; }

    /// <summary>The runs of which a worker was seen. To be read after <see cref="DisposeAsync"/>, as all below.</summary>
    public IReadOnlyCollection<string> Runs => _runs;

    /// <summary>The runs with two live workers at once.</summary>
    public IReadOnlyList<string> Doubles => _doubles;

    /// <summary>Pairs of runs that had a live worker each at the same moment.</summary>
    public IReadOnlyCollection<(string, string)> Together => _together;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _counting;
        _stop.Dispose();
    }

    private async Task CountAsync(string root)
    {
        while (!_stop.IsCancellationRequested)
        {
            var workers = LinuxProcesses.Values("LOOP_RUN_ID", "LOOP_WORKSPACE", root);
            Samples++;
            _runs.UnionWith(workers.Select(static worker => worker.Value));
            _doubles.AddRange(
                workers
                    .GroupBy(static worker => worker.Value, StringComparer.Ordinal)
                    .Where(static run => run.Count() > 1)
                    .Select(static run => $"{run.Key}: processes {string.Join(", ", run.Select(static worker => worker.Process))}")
            );
            var alive = workers
                .Select(static worker => worker.Value)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .ToList();
            _together.UnionWith(alive.SelectMany((first, at) => alive.Skip(at + 1).Select(second => (first, second))));
            // A worker lives for 200 ms and more.
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
