using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Checks;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>The work of the moment in one process, in its order.</summary>
/// <param name="scheduler">Enters due moments.</param>
/// <param name="watcher">Looks after running runs.</param>
/// <param name="finisher">Writes what is owed for those that have ended.</param>
/// <param name="dispatcher">Starts what is queued.</param>
/// <param name="notifier">Tells others of escalations.</param>
/// <param name="checks">Asks what schedules depend on.</param>
internal sealed class LoopWork(
    Scheduler scheduler,
    RunWatcher watcher,
    RunFinisher finisher,
    RunDispatcher dispatcher,
    EscalationNotifier notifier,
    OnlyIfChecks checks
)
{
    /// <summary>Does what the holder of the scheduler lock does alone.</summary>
    /// <returns>When to look again; <see langword="null"/> when nothing is to come.</returns>
    public async Task<DateTimeOffset?> DoAsync(CancellationToken cancellationToken)
    {
        var running = await watcher.SweepAsync(cancellationToken);
        var due = await scheduler.TickAsync(StartAndEndRunsAsync, cancellationToken);
        await finisher.ReplayAsync(cancellationToken);
        await notifier.SendDueAsync(cancellationToken);
        return running is null || due < running ? due ?? running : running;
    }

    /// <summary>Starts what any trusted process may start.</summary>
    /// <returns>When the next one may be started that waits for a moment; <see langword="null"/> for none.</returns>
    public async Task<DateTimeOffset?> StartAsync(CancellationToken cancellationToken)
    {
        await checks.StartAsync(cancellationToken);
        return await dispatcher.DispatchAsync(cancellationToken);
    }

    /// <summary>One pass over the schedules only.</summary>
    public Task<DateTimeOffset?> TickAsync(CancellationToken cancellationToken) =>
        scheduler.TickAsync(cancellationToken: cancellationToken);

    /// <summary>One pass over the running runs only.</summary>
    public Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken) => watcher.SweepAsync(cancellationToken);

    // A thousand schedules that are due together take seconds to enter; runs end and start meanwhile.
    private async Task StartAndEndRunsAsync(CancellationToken cancellationToken)
    {
        await watcher.SweepAsync(cancellationToken);
        await finisher.ReplayAsync(cancellationToken);
        await dispatcher.DispatchAsync(cancellationToken);
    }
}
