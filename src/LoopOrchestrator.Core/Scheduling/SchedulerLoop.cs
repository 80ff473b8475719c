using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Servers;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// The loop of one process: it tries to get the scheduler lock, and as long as it holds it, fires what is due, looks after running
/// runs and writes what is owed. One timer serves all schedules. A trusted process also starts queued runs, with or without the lock.
/// </summary>
internal sealed partial class SchedulerLoop(
    SchedulerTurn turn,
    LoopWork work,
    RunRetention retention,
    WakeSignal wake,
    Action looked,
    TimeProvider time,
    ILogger<SchedulerLoop> logger
)
{
    /// <summary>
    /// The longest sleep. Timers run on a clock that stands still while the machine sleeps, so the wall clock is looked at this often.
    /// </summary>
    public static readonly TimeSpan MaxSleep = TimeSpan.FromSeconds(30);

    /// <summary>How often a process without the lock tries to get it: so another takes over within seconds.</summary>
    public static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Called each time when all work of the moment is done, with the moment of the next look. For tests, which move the clock then.
    /// </summary>
    public Action<DateTimeOffset>? OnIdle { get; set; }

    /// <summary>Whether this process holds the scheduler lock now.</summary>
    public bool HoldsLock => turn.IsHeld;

    /// <summary>Runs until cancelled.</summary>
    /// <param name="mode">How this process is reached, for the registry.</param>
    /// <param name="trust">What this process may execute, asked again at each look.</param>
    /// <param name="cancellationToken">Ends the loop; the lock is given back.</param>
    public async Task RunAsync(string mode, Func<ServerTrust> trust, CancellationToken cancellationToken)
    {
        var trouble = new RepeatFilter();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                DateTimeOffset? next = null;
                try
                {
                    await turn.TakeAsync(mode, trust, cancellationToken);
                    if (turn.IsHeld)
                    {
                        next = await work.DoAsync(cancellationToken);
                        retention.StartWhenDue();
                    }

                    var start = await work.StartAsync(cancellationToken);
                    next = next is null || start < next ? start ?? next : next;
                    looked();
                    trouble.Clear();
                }
                catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
                {
                    if (trouble.IsNew(exception.Message))
                    {
                        Log.PassRefused(logger, exception.Message);
                    }

                    next = time.GetUtcNow() + TakeOver;
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    // A look that fails must not end the loop: the cause (a full disk, a broken file) may be gone at the next one.
                    Log.PassFailed(logger, exception);
                    next = time.GetUtcNow() + TakeOver;
                }

                await SleepAsync(turn.IsHeld, next, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            await turn.LeaveAsync();
        }
    }

    /// <summary>Does all work of the moment, as the holder of the lock does it.</summary>
    internal async Task RunPassAsync(CancellationToken cancellationToken)
    {
        await work.DoAsync(cancellationToken);
        await work.StartAsync(cancellationToken);
    }

    /// <summary>One pass over the schedules only.</summary>
    internal Task<DateTimeOffset?> TickAsync(CancellationToken cancellationToken) => work.TickAsync(cancellationToken);

    /// <summary>One pass over the running runs only.</summary>
    internal Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken) => work.SweepAsync(cancellationToken);

    private async Task SleepAsync(bool holds, DateTimeOffset? next, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var longest = holds ? MaxSleep : TakeOver;
        var sleep = next is { } moment && moment - now < longest ? moment - now : longest;

        // The system's timers may fire up to a millisecond early; looking then would find nothing due.
        var waiting = wake.WaitAsync(
            sleep <= TimeSpan.Zero ? TimeSpan.Zero : sleep + TimeSpan.FromMilliseconds(1),
            time,
            cancellationToken
        );
        OnIdle?.Invoke(now + sleep);
        await waiting;
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.SchedulerFailed, LogLevel.Error, "A scheduler pass failed; the next pass follows")]
        public static partial void PassFailed(ILogger logger, Exception exception);

        [LoggerMessage(
            LogEvents.SchedulerRefused,
            LogLevel.Error,
            "A scheduler pass failed: {Error}. Retrying every 2 s; repeats are not logged"
        )]
        public static partial void PassRefused(ILogger logger, string error);
    }
}
