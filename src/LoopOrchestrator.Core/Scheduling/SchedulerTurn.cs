using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Whether it is this process's turn to fire: the scheduler lock, the session of its holder, and the entry of this process among the
/// servers. For one loop.
/// </summary>
internal sealed partial class SchedulerTurn(
    WorkspacePaths paths,
    IStorageHealth state,
    ServerRegistry servers,
    ILogger<SchedulerLoop> logger
)
{
    private FileLock? _lock;
    private long? _session;
    private ServerTrust? _entered;
    private bool _isChecked;
    private int _opening;

    /// <summary>Whether this process holds the scheduler lock now.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Takes the lock where it is free, and enters this process among the servers.</summary>
    /// <param name="mode">How this process is reached.</param>
    /// <param name="trust">What it may execute.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task TakeAsync(string mode, Func<ServerTrust> trust, CancellationToken cancellationToken)
    {
        StateFolder.Ensure(paths);
        var lockFile = Path.Combine(paths.Locks, "scheduler.lock");
        if (_lock?.IsAt(lockFile) == false)
        {
            // Removed with the state folder, so another process can take the one that is there now.
            _lock.Dispose();
            _lock = null;
            IsHeld = false;
        }

        if (_lock is null && (_lock = FileLock.TryAcquire(lockFile)) is not null)
        {
            IsHeld = true;
            Log.LockTaken(logger, paths.Root);
        }

        // One process looks at all of the database, once; the others rely on it and on SQLite's own errors.
        await state.CheckAsync(IsHeld && !_isChecked, cancellationToken);
        _isChecked = IsHeld;
        if (_opening != state.Openings)
        {
            // A new database knows neither this server nor its session.
            _opening = state.Openings;
            _entered = null;
            _session = null;
        }

        var allowed = trust();
        if (_entered != allowed)
        {
            Report(_entered?.Held ?? "", allowed.Held);
            _entered = allowed;
            await servers.EnterAsync(mode, allowed, cancellationToken);
        }

        if (IsHeld)
        {
            _session ??= await servers.BeginSessionAsync(cancellationToken);
        }
    }

    /// <summary>Gives the lock back and takes this process out of the servers.</summary>
    public async Task LeaveAsync()
    {
        IsHeld = false;
        try
        {
            if (_session is { } open)
            {
                await servers.EndSessionAsync(open);
            }

            if (_entered is not null)
            {
                await servers.LeaveAsync();
            }
        }
        catch (UserErrorException exception)
        {
            Log.LeaveFailed(logger, exception.Message);
        }

        _lock?.Dispose();
        (_lock, _session, _entered, _isChecked, _opening) = (null, null, null, false, 0);
    }

    private void Report(string before, string now)
    {
        foreach (var held in now.Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(before.Split('\n'), StringComparer.Ordinal))
        {
            Log.HeldBack(logger, held, ApprovedEntries.HowTo);
        }

        if (before.Length > 0 && now.Length == 0)
        {
            Log.NothingHeld(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.EntriesHeldBack, LogLevel.Warning, "{Held}. {HowTo}")]
        public static partial void HeldBack(ILogger logger, string held, string howTo);

        [LoggerMessage(LogEvents.NothingHeldBack, LogLevel.Information, "Nothing is held back any more")]
        public static partial void NothingHeld(ILogger logger);

        [LoggerMessage(LogEvents.SchedulerLockTaken, LogLevel.Information, "This process fires the schedules of {Workspace} from now on")]
        public static partial void LockTaken(ILogger logger, string workspace);

        [LoggerMessage(LogEvents.SessionEndNotRecorded, LogLevel.Warning, "The end of this session could not be recorded: {Error}")]
        public static partial void LeaveFailed(ILogger logger, string error);
    }
}
