using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Puts a handle into the system's append mode, in which every write goes to the end of the file as it is at that moment: so a program
/// that appends without our lock loses nothing to us. .NET has no such mode; on Linux a positional write honours it (pwrite(2), "Bugs").
/// </summary>
internal static class AppendMode
{
    private const int SetFlags = 4;
    private const int Append = 0x400;

    public static void Set(SafeFileHandle handle)
    {
        if (OperatingSystem.IsLinux() && LibC.Fcntl(handle, SetFlags, Append) < 0)
        {
            throw new IOException($"The file could not be opened for appending (error {Marshal.GetLastPInvokeError()})");
        }
    }
}
