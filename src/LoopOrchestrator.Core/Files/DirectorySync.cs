using System.ComponentModel;
using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Makes a folder's entries durable. A new or renamed file is only sure to be found after a power cut once its folder is synced
/// as well (fsync(2)); .NET offers that for files only.
/// </summary>
internal static class DirectorySync
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

        var descriptor = LibC.Open(folder, ReadOnly | CloseOnExec);
        if (descriptor < 0)
        {
            throw new IOException(
                $"The folder {folder} could not be opened to sync it: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}"
            );
        }

        try
        {
            if (LibC.Fsync(descriptor) != 0)
            {
                throw new IOException(
                    $"The folder {folder} could not be synced: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}"
                );
            }
        }
        finally
        {
            _ = LibC.Close(descriptor);
        }
    }

    /// <summary>As <see cref="Flush(string)"/> for a folder that is open. Linux only.</summary>
    internal static void Flush(SafeFileHandle opened, string folder)
    {
        if (LibC.Fsync(opened) != 0)
        {
            throw new IOException($"The folder {folder} could not be synced: {NativeFiles.Describe(Marshal.GetLastPInvokeError())}");
        }
    }
}
