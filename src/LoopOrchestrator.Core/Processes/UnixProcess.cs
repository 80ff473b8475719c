using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;

namespace LoopOrchestrator.Core.Processes;

/// <summary>The few calls of the system that .NET does not offer for processes.</summary>
internal static class UnixProcess
{
    public const int SignalTerminate = 15;
    public const int SignalKill = 9;
    public const int SignalContinue = 18;

    private const int SetChildSubreaper = 36;
    private const int NoHang = 1;
    private const int Exited = 4;
    private const int NoWait = 0x1000000;
    private const int AllChildren = 0;
    private const int NoChild = 10;

    /// <summary>Sends a signal; false when the process is gone or not ours.</summary>
    public static bool Signal(int pid, int signal) => LibC.Kill(pid, signal) == 0;

    /// <summary>
    /// Puts this process into a session of its own, and on Linux makes it the one that orphans below it come back to: so a descendant
    /// that left its session or lost its parent is still found.
    /// </summary>
    public static void BecomeSupervisor()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _ = LibC.SetSid();
        if (OperatingSystem.IsLinux())
        {
            _ = LibC.Prctl(SetChildSubreaper, 1, 0, 0, 0);
        }
    }

    /// <summary>Reads the exit of a child that has ended and that .NET does not know of.</summary>
    public static void Reap(int pid) => _ = LibC.WaitPid(pid, out _, NoHang);

    /// <summary>
    /// Whether this process has any child, also one that has ended and whose exit nobody has read. Without one it has no descendant
    /// either, as long as orphans come back to it. Linux.
    /// </summary>
    public static bool HasChildren()
    {
        // The kernel's siginfo_t has 128 bytes on every architecture.
        Span<byte> info = stackalloc byte[128];
        return LibC.WaitId(AllChildren, 0, ref info[0], Exited | NoHang | NoWait) == 0 || Marshal.GetLastPInvokeError() != NoChild;
    }
}
