using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Servers;

namespace LoopOrchestrator.Core.Status;

/// <summary>Reads what the reasons of waiting work are found in.</summary>
internal sealed class WhyNotReader(StatusSources sources)
{
    /// <summary>The facts as they stand now.</summary>
    public async Task<WhyNotFacts> ReadAsync(CancellationToken cancellationToken)
    {
        var holder = await sources.Servers.HolderAsync(cancellationToken);
        var servers = await sources.Servers.AliveAsync(cancellationToken);

        // In this order a run that is started between the two is found in one of them at the least.
        var queued = await sources.Storage.Runs.InStateAsync(RunState.Queued, cancellationToken);
        var running = await sources.Storage.Runs.InStateAsync(RunState.Running, cancellationToken);
        return Facts(
            holder is not null,
            servers,
            running,
            queued,
            await sources.Hold.Agents.ListAsync(cancellationToken),
            await sources.Storage.Ledger.OldestOpenAsync(cancellationToken)
        );
    }

    /// <summary>The facts, of what has been read already.</summary>
    /// <param name="fires">Whether a process fires schedules.</param>
    /// <param name="servers">The live servers.</param>
    /// <param name="running">The runs that go on.</param>
    /// <param name="queued">The runs that wait.</param>
    /// <param name="holds">The agents that are held back.</param>
    /// <param name="open">The oldest occurrence of each schedule that waits.</param>
    public WhyNotFacts Facts(
        bool fires,
        IReadOnlyList<ServerEntry> servers,
        IReadOnlyList<Run> running,
        IReadOnlyList<Run> queued,
        IReadOnlyDictionary<string, AgentHold> holds,
        IReadOnlyDictionary<string, Occurrence> open
    )
    {
        // Thousands may wait for one agent, and what was seen of it stands in files.
        var held = new Dictionary<(string Mode, string Agent), string?>();
        return new WhyNotFacts
        {
            Now = sources.Time.GetUtcNow(),
            Fires = fires,
            StartsPrograms = servers.Any(static server => server.Trusted),
            MaxRunning = sources.Limits.ConcurrentRuns,
            MaxQueued = sources.Limits.QueueLength,
            Open = open,
            Running = running,
            Queued = queued,
            Holds = holds,
            HeldBack = run =>
                held.TryGetValue((run.Mode, run.AgentName()), out var why)
                    ? why
                    : held[(run.Mode, run.AgentName())] = sources.Hold.WhyWaits(run, holds),
            StartingNothing = sources.Schedules.StartingNothingById,
        };
    }
}
