using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Servers;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Beside the scheduler's loop, so that a checkpoint of a large repository delays no schedule: one process of the workspace drives its
/// cycles.
/// A trusted one where there is any, because gates and checkpoints need that; one without trust gives the lock back to it.
/// </summary>
internal sealed partial class CycleLoop(
    WorkspacePaths paths,
    CycleEngine engine,
    ServerRegistry servers,
    WorkspaceTrust trust,
    WakeSignal signal,
    TimeProvider time,
    ILogger<CycleLoop> logger
)
{
    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        FileLock? turn = null;
        var trouble = new RepeatFilter();
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                DateTimeOffset? next = null;
                try
                {
                    turn = await TakeTurnAsync(turn, cancellationToken);
                    next = turn is null ? null : await engine.RunPassAsync(cancellationToken);
                    trouble.Clear();
                }
                catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
                {
                    if (trouble.IsNew(exception.Message))
                    {
                        Log.PassRefused(logger, exception.Message);
                    }

                    next = time.GetUtcNow() + SchedulerLoop.TakeOver;
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
                {
                    // As in the scheduler's loop: the cause may be gone at the next look.
                    Log.PassFailed(logger, exception);
                    next = time.GetUtcNow() + SchedulerLoop.TakeOver;
                }

                var sleep =
                    next is { } moment ? moment - time.GetUtcNow()
                    : turn is null ? SchedulerLoop.TakeOver
                    : SchedulerLoop.MaxSleep;
                await signal.WaitAsync(sleep <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : sleep, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end.
        }
        finally
        {
            turn?.Dispose();
        }
    }

    private async Task<FileLock?> TakeTurnAsync(FileLock? turn, CancellationToken cancellationToken)
    {
        var isBest = trust.IsTrusted || !(await servers.AliveAsync(cancellationToken)).Any(static server => server.Trusted);
        if (turn is not null && !isBest)
        {
            turn.Dispose();
            return null;
        }

        return turn ?? (isBest ? FileLock.TryAcquire(Path.Combine(paths.Locks, "cycles.lock")) : null);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.CyclesRefused,
            LogLevel.Error,
            "Cycles could not be advanced: {Error}. Retrying every 2 s; repeats are not logged"
        )]
        public static partial void PassRefused(ILogger logger, string error);

        [LoggerMessage(LogEvents.CyclesFailed, LogLevel.Error, "A pass over the cycles failed; the next pass follows")]
        public static partial void PassFailed(ILogger logger, Exception exception);
    }
}
