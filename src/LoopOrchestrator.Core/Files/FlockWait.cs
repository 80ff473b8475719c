using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Waits in the system's own queue for the lock that .NET takes on an open file (flock(2)). Who asks again and again can be passed by
/// for ever by others who ask at better moments; the system's queue serves everybody. Not on Windows.
/// </summary>
internal static class FlockWait
{
    private const int ReadWrite = 2;
    private const int Shared = 1;
    private const int Exclusive = 2;
    private const int DoNotWait = 4;
    private const int Unlock = 8;
    private const int WouldWait = 11;
    private const int Interrupted = 4;

    // O_CLOEXEC: a child process must not inherit the descriptor, and the lock with it.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Waits on a thread of its own, until the lock is there however long that takes.</summary>
    /// <param name="path">The lock file, which exists.</param>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static Task<SafeFileHandle> Begin(string path) =>
        Task.Factory.StartNew(() => Lock(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Takes the lock of an open file if it is free now.</summary>
    /// <exception cref="IOException">The file cannot be locked.</exception>
    public static bool TryTake(SafeFileHandle file, bool isShared)
    {
        while (LibC.Flock(file, (isShared ? Shared : Exclusive) | DoNotWait) != 0)
        {
            switch (Marshal.GetLastPInvokeError())
            {
                case Interrupted:
                    break;
                case WouldWait:
                    return false;
                default:
                    var message = Marshal.GetLastPInvokeErrorMessage();
                    file.Dispose();
                    throw new IOException(message);
            }
        }

        return true;
    }

    /// <summary>Gives the lock back while the file stays open.</summary>
    public static void GiveBack(SafeFileHandle file) => _ = LibC.Flock(file, Unlock);

    private static SafeFileHandle Lock(string path)
    {
        var handle = NativeFiles.IsUsable ? GuardedFile.Open(path, FileMode.Open, FileAccess.ReadWrite) : OpenPlainly(path);
        while (LibC.Flock(handle, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                handle.Dispose();
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            }
        }

        return handle;
    }

    private static SafeFileHandle OpenPlainly(string path)
    {
        var descriptor = LibC.Open(path, ReadWrite | CloseOnExec);
        return descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }
}
