using LoopOrchestrator.Core.Native;

namespace LoopOrchestrator.Core.Processes;

/// <summary>How the C library's allocator of this process treats what was freed.</summary>
public static class ProcessMemory
{
    // mallopt(3).
    private const int TrimThreshold = -1;

    private const int KeptBytes = 1024 * 1024;

    /// <summary>
    /// Keeps up to a megabyte of what was freed, for each of the few arenas of threads. SQLite takes and frees some 90 KB for each
    /// statement that sorts or groups; given back to the system each time and taken anew, that was a fifth of what an answer of
    /// <c>get_status</c> took. Changes the whole process; called by the program that serves, and by nothing that is a part of another.
    /// Without effect where the C library has no such setting.
    /// </summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            _ = LibC.MallOpt(TrimThreshold, KeptBytes);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than glibc (musl): its allocator is tuned otherwise.
        }
    }
}
