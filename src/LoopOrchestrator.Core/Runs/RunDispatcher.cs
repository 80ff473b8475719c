using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Starts queued runs that need a process, in order of priority, as long as the limit allows. Any trusted process may do so: the
/// database decides who gets a run. In an untrusted process nothing is started. Safe for many threads.
/// </summary>
internal sealed partial class RunDispatcher(
    IRunStore store,
    RunStarts starts,
    RunFinisher finisher,
    RunHold hold,
    RunLimits limits,
    TimeProvider time,
    ILogger<RunDispatcher> logger
) : IDisposable
{
    // More than there are processors would only end later, all of them; fewer than two would wait for the disk one after the other.
    private static readonly int StartsAtOnce = Math.Max(2, Environment.ProcessorCount);

    // A word given elsewhere rings no bell of this workspace when that cannot be written.
    private static readonly TimeSpan HeldPollInterval = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);

    // Why each run was held at the last look.
    private Dictionary<string, string> _told = new(StringComparer.Ordinal);

    /// <summary>Starts what may start now.</summary>
    /// <returns>When the next one that waits for a certain moment may start; <see langword="null"/> for none.</returns>
    public async Task<DateTimeOffset?> DispatchAsync(CancellationToken cancellationToken = default)
    {
        if (!await finisher.RetryAsync() || !hold.IsTrusted)
        {
            return null;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            var held = new List<(Run Run, RunBasis Basis)>();
            var heldAgents = await hold.Agents.ListAsync(cancellationToken);
            var known = new Dictionary<(string Mode, string Agent), RunBasis>();
            DateTimeOffset? next = null;
            string? after = null;
            do
            {
                // By pages: thousands may wait, and a place for one is free each time that another ends.
                var page = await store.QueueAsync(limits.ConcurrentRuns, now, after, cancellationToken);
                await StartAsync(CheckAll(page.Startable, known, heldAgents), held, now, cancellationToken);
                (next, after) = (page.Next, page.After);
            } while (after is not null);

            await ReportHeldAsync(held, now, cancellationToken);
            var look = held.Count > 0 ? now + HeldPollInterval : (DateTimeOffset?)null;
            return next is null || look < next ? look ?? next : next;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task StartAsync(
        List<(Run Run, RunBasis Basis)> due,
        List<(Run Run, RunBasis Basis)> held,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        held.AddRange(due.Where(static one => one.Basis.Held is not null));
        var ready = due.Where(static one => one.Basis.Held is null).ToList();
        if (ready.Count == 0)
        {
            return;
        }

        // The secrets stay in this process; the database has their hashes before anything is started.
        var bases = ready.ToDictionary(static one => one.Run.Id, static one => one.Basis, StringComparer.Ordinal);
        var secrets = ready.ToDictionary(static one => one.Run.Id, static _ => SupervisorStart.Create(), StringComparer.Ordinal);
        var taken = await store.StartAsync(
            ready.ConvertAll(one => (one.Run.Id, starts.Of(one.Run, secrets[one.Run.Id], limits, now))),
            cancellationToken
        );

        // Side by side, because each waits for the disk several times. Not to be cut short: a run that was taken is started or failed,
        // never left half way by the end of this server.
        var options = new ParallelOptions { MaxDegreeOfParallelism = StartsAtOnce };
        await Parallel.ForEachAsync(taken, options, async (run, _) => await starts.BeginAsync(run, bases[run.Id], secrets[run.Id]));
    }

    // What was seen stands in files, and thousands may wait for one agent: it is asked once for each mode and agent.
    private List<(Run Run, RunBasis Basis)> CheckAll(
        IReadOnlyList<Run> runs,
        Dictionary<(string Mode, string Agent), RunBasis> known,
        IReadOnlyDictionary<string, AgentHold> heldAgents
    )
    {
        var all = new List<(Run, RunBasis)>(runs.Count);
        foreach (var run in runs)
        {
            if (!known.TryGetValue((run.Mode, run.AgentName()), out var basis))
            {
                known[(run.Mode, run.AgentName())] = basis = hold.Check(run, heldAgents);
            }

            all.Add((run, basis));
        }

        return all;
    }

    private async Task ReportHeldAsync(List<(Run Run, RunBasis Basis)> held, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (run, basis) in held)
        {
            if (
                _told.GetValueOrDefault(run.Id) != basis.Held
                && await store.TryDecideOnceAsync(run.Id, now, $"it waits: {basis.Held}", cancellationToken: cancellationToken)
            )
            {
                Log.RunHeld(logger, run.Id, basis.Held!);
            }
        }

        _told = held.ToDictionary(static one => one.Run.Id, static one => one.Basis.Held!, StringComparer.Ordinal);
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.RunHeld, LogLevel.Warning, "{Run} waits in the queue: {Reason}")]
        public static partial void RunHeld(ILogger logger, string run, string reason);
    }
}
