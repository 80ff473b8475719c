using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// The loop of one process: it tries to get the scheduler lock, and as long as it holds it, fires what is due, looks after running
/// runs and writes what is owed. One timer serves all schedules. A trusted process also starts queued runs, with or without the lock.
/// </summary>
internal sealed partial class SchedulerLoop(
    WorkspacePaths paths,
    IStorageHealth state,
    Scheduler scheduler,
    RunWatcher watcher,
    RunFinisher finisher,
    RunDispatcher dispatcher,
    EscalationNotifier notifier,
    RunRetention retention,
    OnlyIfChecks checks,
    ServerRegistry servers,
    WakeSignal wake,
    Action looked,
    TimeProvider time,
    ILogger<SchedulerLoop> logger)
{
    /// <summary>The longest sleep. Timers run on a clock that stands still while the machine sleeps, so the wall clock is looked at this often.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    /// <summary>How often a process without the lock tries to get it: so another takes over within seconds.</summary>
    public static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(2);

    /// <summary>Called each time when all work of the moment is done, with the moment of the next look. For tests, which move the clock then.</summary>
    public Action<DateTimeOffset>? OnIdle { get; set; }

    /// <summary>Whether this process holds the scheduler lock now.</summary>
    public bool HoldsLock { get; private set; }

    /// <summary>Runs until cancelled.</summary>
    /// <param name="mode">How this process is reached, for the registry.</param>
    /// <param name="trust">What this process may execute, asked again at each look.</param>
    /// <param name="cancellationToken">Ends the loop; the lock is given back.</param>
    public async Task RunAsync(string mode, Func<ServerTrust> trust, CancellationToken cancellationToken)
    {
        FileLock? schedulerLock = null;
        long? session = null;
        ServerTrust? entered = null;
        var isChecked = false;
        var opening = 0;
        var trouble = new RepeatFilter();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                DateTimeOffset? next = null;
                try
                {
                    StateFolder.Ensure(paths);
                    var lockFile = Path.Combine(paths.Locks, "scheduler.lock");
                    if (schedulerLock?.IsAt(lockFile) == false)
                    {
                        // Removed with the state folder, so another process can take the one that is there now.
                        schedulerLock.Dispose();
                        schedulerLock = null;
                        HoldsLock = false;
                    }

                    if (schedulerLock is null && (schedulerLock = FileLock.TryAcquire(lockFile)) is not null)
                    {
                        HoldsLock = true;
                        Log.LockTaken(logger, paths.Root);
                    }

                    // One process looks at all of the database, once; the others rely on it and on SQLite's own errors.
                    await state.CheckAsync(schedulerLock is not null && !isChecked, cancellationToken);
                    isChecked = schedulerLock is not null;
                    if (opening != state.Openings)
                    {
                        // A new database knows neither this server nor its session.
                        opening = state.Openings;
                        entered = null;
                        session = null;
                    }

                    var allowed = trust();
                    if (entered != allowed)
                    {
                        Report(entered?.Held ?? "", allowed.Held);
                        entered = allowed;
                        await servers.EnterAsync(mode, allowed, cancellationToken);
                    }

                    if (schedulerLock is not null)
                    {
                        session ??= await servers.BeginSessionAsync(cancellationToken);
                        next = await WorkAsync(cancellationToken);
                        retention.StartWhenDue();
                    }

                    await checks.StartAsync(cancellationToken);
                    var start = await dispatcher.DispatchAsync(cancellationToken);
                    next = next is null || start < next ? start ?? next : next;
                    looked();
                    trouble.Clear();
                }
                catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
                {
                    if (trouble.IsNew(exception.Message))
                    {
                        Log.LookRefused(logger, exception.Message);
                    }

                    next = time.GetUtcNow() + TakeOver;
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    // A look that fails must not end the loop: the cause (a full disk, a broken file) may be gone at the next one.
                    Log.LookFailed(logger, exception);
                    next = time.GetUtcNow() + TakeOver;
                }

                await SleepAsync(schedulerLock is not null, next, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await LeaveAsync(schedulerLock, session, entered is not null);
        }
    }

    /// <summary>Does all work of the moment, as the holder of the lock does it.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        await WorkAsync(cancellationToken);
        await checks.StartAsync(cancellationToken);
        await dispatcher.DispatchAsync(cancellationToken);
    }

    /// <summary>Looks at schedules only.</summary>
    internal Task<DateTimeOffset?> TickAsync(CancellationToken cancellationToken) => scheduler.TickAsync(cancellationToken: cancellationToken);

    /// <summary>Looks at running runs only.</summary>
    internal Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken) => watcher.SweepAsync(cancellationToken);

    private async Task<DateTimeOffset?> WorkAsync(CancellationToken cancellationToken)
    {
        var running = await watcher.SweepAsync(cancellationToken);
        var due = await scheduler.TickAsync(StartAndEndRunsAsync, cancellationToken);
        await finisher.ReplayAsync(cancellationToken);
        await notifier.LookAsync(cancellationToken);
        return running is null || due < running ? due ?? running : running;
    }

    // A thousand schedules that are due together take seconds to enter; runs end and start meanwhile.
    private async Task StartAndEndRunsAsync(CancellationToken cancellationToken)
    {
        await watcher.SweepAsync(cancellationToken);
        await finisher.ReplayAsync(cancellationToken);
        await dispatcher.DispatchAsync(cancellationToken);
    }

    private void Report(string before, string now)
    {
        foreach (var held in now.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(before.Split('\n'), StringComparer.Ordinal))
        {
            Log.HeldBack(logger, held, SeenEntries.HowTo);
        }

        if (before.Length > 0 && now.Length == 0)
        {
            Log.NothingHeld(logger);
        }
    }

    private async Task SleepAsync(bool holds, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var longest = holds ? LongestSleep : TakeOver;
        var sleep = next is { } moment && moment - now < longest ? moment - now : longest;

        // The system's timers may fire up to a millisecond early; looking then would find nothing due.
        var waiting = wake.WaitAsync(sleep <= TimeSpan.Zero ? TimeSpan.Zero : sleep + TimeSpan.FromMilliseconds(1), time, cancellationToken);
        OnIdle?.Invoke(now + sleep);
        await waiting;
    }

    private async Task LeaveAsync(FileLock? schedulerLock, long? session, bool entered)
    {
        HoldsLock = false;
        try
        {
            if (session is { } open)
            {
                await servers.EndSessionAsync(open);
            }

            if (entered)
            {
                await servers.LeaveAsync();
            }
        }
        catch (UserErrorException exception)
        {
            Log.LeaveFailed(logger, exception.Message);
        }

        schedulerLock?.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.EntriesHeldBack, LogLevel.Warning, "{Held}. {HowTo}")]
        public static partial void HeldBack(ILogger logger, string held, string howTo);

        [LoggerMessage(LogEvents.NothingHeldBack, LogLevel.Information, "Nothing is held back any more")]
        public static partial void NothingHeld(ILogger logger);

        [LoggerMessage(LogEvents.SchedulerLockTaken, LogLevel.Information, "This process fires the schedules of {Workspace} from now on")]
        public static partial void LockTaken(ILogger logger, string workspace);

        [LoggerMessage(LogEvents.SchedulerFailed, LogLevel.Error, "The loop could not do all of its work this time; it goes on")]
        public static partial void LookFailed(ILogger logger, Exception exception);

        [LoggerMessage(LogEvents.SchedulerRefused, LogLevel.Error,
            "The loop cannot do all of its work; it tries again every two seconds and tells only of other trouble: {Error}")]
        public static partial void LookRefused(ILogger logger, string error);

        [LoggerMessage(LogEvents.SessionEndNotRecorded, LogLevel.Warning, "The end of this session could not be recorded: {Error}")]
        public static partial void LeaveFailed(ILogger logger, string error);
    }
}
