using System.Collections.Concurrent;
using LoopOrchestrator.Core.Errors;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// A lock that holds between processes and dies with its holder: an advisory lock of the operating system on a file of its own,
/// which stays where it is. (Removing a lock file while another process waits on it lets two in at once.) Exclusive, unless shared.
/// </summary>
internal sealed class FileLock : IDisposable
{
    /// <summary>How long <see cref="AcquireAsync"/> waits before it gives up: 20 s. Holders keep a lock for milliseconds.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(20);

    // So often a lock that somebody holds is asked for before a thread is spent on waiting for it.
    private const int QuickAttempts = 3;

    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Turns = new(StringComparer.Ordinal);

    private readonly SemaphoreSlim? _turn;

    private FileLock(SafeFileHandle handle, SemaphoreSlim? turn)
    {
        Handle = handle;
        _turn = turn;
    }

    /// <summary>
    /// The lock file itself, readable and (unless shared) writable: its holder may leave a note for the next holder in it.
    /// </summary>
    internal SafeFileHandle Handle { get; }

    /// <summary>
    /// Whether the locked file still stands at its path. Where that cannot be told (off Linux), it counts as being there.
    /// </summary>
    public bool IsAt(string path) => !OperatingSystem.IsLinux() || SpecialFile.IsOpen(path, Handle);

    /// <summary>Takes the lock if it is free now.</summary>
    /// <param name="path">The lock file; created when missing. Its folder must exist.</param>
    /// <returns>The lock, or <see langword="null"/> when somebody holds it.</returns>
    /// <exception cref="UnauthorizedAccessException">The lock file may not be opened.</exception>
    public static FileLock? TryAcquire(string path) => TryOpen(path) is { } handle ? new FileLock(handle, turn: null) : null;

    /// <summary>
    /// Takes a share of the lock if nobody holds it exclusively: any number of shares go together, and none with an exclusive holder.
    /// </summary>
    /// <inheritdoc cref="TryAcquire"/>
    public static FileLock? TryShare(string path) =>
        TryOpen(path, FileAccess.Read, FileShare.ReadWrite) is { } handle ? new FileLock(handle, turn: null) : null;

    /// <summary>
    /// Takes the lock, waiting for its turn. Within this process waiters are served in order; against other processes in the system's queue
    /// (on Windows by retrying).
    /// </summary>
    /// <param name="path">The lock file; created when missing. Its folder must exist.</param>
    /// <param name="timeout">How long to wait; <see cref="DefaultTimeout"/> when not given.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The lock was not free in time, or its file cannot be opened.</exception>
    public static async ValueTask<FileLock> AcquireAsync(
        string path,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default
    )
    {
        // Contention is physical: it is waited out in real time whatever clock the product runs on.
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var limit = timeout ?? DefaultTimeout;
        var turn = Turns.GetOrAdd(Path.GetFullPath(path), static _ => new SemaphoreSlim(1, 1));
        if (!await turn.WaitAsync(limit, cancellationToken))
        {
            throw NotFree(path, limit);
        }

        Task<SafeFileHandle>? queued = null;
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                if (TryOpen(path) is { } handle)
                {
                    return new FileLock(handle, turn);
                }

                var left = limit - clock.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                {
                    throw NotFree(path, limit);
                }

                if (attempt >= QuickAttempts && !OperatingSystem.IsWindows())
                {
                    queued = FlockWait.Begin(path);
                    var waited = await queued.WaitAsync(left, cancellationToken);
                    queued = null;
                    if (!OperatingSystem.IsLinux() || SpecialFile.IsOpen(path, waited))
                    {
                        return new FileLock(waited, turn);
                    }

                    // The lock file was moved away or removed while we waited for it: the others use another one now.
                    waited.Dispose();
                    continue;
                }

                // Short and uneven, so that waiters of several processes do not keep step with each other.
                await Task.Delay(
                    TimeSpan.FromMilliseconds(Math.Min(1 + attempt, 10) * (0.5 + Random.Shared.NextDouble())),
                    clock,
                    cancellationToken
                );
            }
        }
        catch (TimeoutException)
        {
            GiveUp(turn, queued);
            throw NotFree(path, limit);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            GiveUp(turn, queued);
            throw new UserErrorException(
                $"The lock file {path} cannot be opened ({exception.Message}); nothing was changed. Check that its folder "
                    + "exists and that this user may write there.",
                exception
            );
        }
        catch
        {
            GiveUp(turn, queued);
            throw;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        if (!Handle.IsClosed)
        {
            if (NativeFiles.IsUsable)
            {
                // Said, and not left to closing: a child process that is just being started still has a copy of the descriptor.
                FlockWait.GiveBack(Handle);
            }

            Handle.Dispose();
            _turn?.Release();
        }
    }

    // A place in the system's queue cannot be given back. So the turn of this process is kept until it is reached, and one thread waits at
    // the most.
    private static void GiveUp(SemaphoreSlim turn, Task<SafeFileHandle>? queued)
    {
        if (queued is null)
        {
            turn.Release();
            return;
        }

        _ = queued.ContinueWith(
            ended =>
            {
                if (ended.IsCompletedSuccessfully)
                {
                    ended.Result.Dispose();
                }

                turn.Release();
            },
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    // What .NET takes on what it opens, and so what other programs of ours meet, is flock(2): exclusive for FileShare.None, else shared.
    private static SafeFileHandle? TryOpen(string path, FileAccess access = FileAccess.ReadWrite, FileShare share = FileShare.None)
    {
        if (NativeFiles.IsUsable)
        {
            var file = GuardedFile.Open(path, FileMode.OpenOrCreate, access);
            if (FlockWait.TryTake(file, isShared: share != FileShare.None))
            {
                return file;
            }

            file.Dispose();
            return null;
        }

        try
        {
#pragma warning disable RS0030 // This is the guard: what it calls, and where the system offers no better way.
            return File.OpenHandle(path, FileMode.OpenOrCreate, access, share);
#pragma warning restore RS0030
        }
        catch (IOException exception)
            when (exception is not (DirectoryNotFoundException or PathTooLongException or DriveNotFoundException)
                && IsSharingViolation(exception)
            )
        {
            return null;
        }
    }

    // EWOULDBLOCK is 11 on Linux and 35 on macOS; ERROR_SHARING_VIOLATION and ERROR_LOCK_VIOLATION are 32 and 33 on Windows.
    private static bool IsSharingViolation(IOException exception) =>
        (exception.HResult & 0xFFFF) is 32 or 33 || exception.HResult is 11 or 35;

    private static UserErrorException NotFree(string path, TimeSpan limit) =>
        new(
            $"The lock {path} was not free within {limit.TotalSeconds:0} s: another process of this workspace holds it. "
                + "See which processes have the file open; the call can be repeated as soon as that one has ended or gone on."
        );
}
