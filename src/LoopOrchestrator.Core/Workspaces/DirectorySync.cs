using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// Makes a folder's entries durable. A new or renamed file is only sure to be found after a power cut once its folder is synced
/// as well (fsync(2)); .NET offers that for files only.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    // O_CLOEXEC: a child process must not inherit the descriptor. The value differs by system.
    private static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    /// <summary>Waits until the entries of <paramref name="folder"/> are on disk. On Windows the file system's journal does this.</summary>
    public static void Flush(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (NativeFiles.IsUsable)
        {
            using var opened = GuardedFolder.Open(folder);
            Flush(opened, folder);
            return;
        }

        var descriptor = Open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException($"The folder {folder} could not be opened to sync it: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw new IOException($"The folder {folder} could not be synced: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>As <see cref="Flush(string)"/> for a folder that is open. Linux only.</summary>
    internal static void Flush(SafeFileHandle opened, string folder)
    {
        if (NativeFiles.Sync(opened) != 0)
        {
            throw new IOException($"The folder {folder} could not be synced: {NativeFiles.Describe(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
