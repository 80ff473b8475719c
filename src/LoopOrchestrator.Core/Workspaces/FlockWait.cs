using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// Waits in the system's own queue for the lock that .NET takes on an open file (flock(2)). Who asks again and again can be passed by
/// for ever by others who ask at better moments; the system's queue serves everybody. Not on Windows.
/// </summary>
internal static partial class FlockWait
{
    private const int ReadWrite = 2;
    private const int Exclusive = 2;
    private const int Interrupted = 4;

    // O_CLOEXEC: a child process must not inherit the descriptor, and the lock with it.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Waits on a thread of its own, until the lock is there however long that takes.</summary>
    /// <param name="path">The lock file, which exists.</param>
    /// <exception cref="IOException">The file cannot be opened or locked.</exception>
    public static Task<SafeFileHandle> Begin(string path) =>
        Task.Factory.StartNew(() => Lock(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static SafeFileHandle Lock(string path)
    {
        var descriptor = Open(path, ReadWrite | CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }

        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        while (Flock(handle, Exclusive) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Interrupted)
            {
                handle.Dispose();
                throw new IOException(Marshal.GetLastPInvokeErrorMessage());
            }
        }

        return handle;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
