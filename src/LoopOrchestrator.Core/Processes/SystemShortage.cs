using System.ComponentModel;

namespace LoopOrchestrator.Core.Processes;

/// <summary>Distinguishes errors that pass by themselves (no file, no process, no memory at this moment) from those that stay.</summary>
internal static class SystemShortage
{
    // EAGAIN, ENOMEM, ENFILE, EMFILE; EAGAIN has a number of its own on macOS.
    private static readonly int[] Unix = [11, 12, 23, 24, 35];

    // ERROR_TOO_MANY_OPEN_FILES, _NOT_ENOUGH_MEMORY, _OUTOFMEMORY, _NO_SYSTEM_RESOURCES, _COMMITMENT_LIMIT.
    private static readonly int[] Windows = [4, 8, 14, 1450, 1455];

    /// <summary>Whether the error of a start says so.</summary>
    public static bool Is(Exception exception)
    {
        var numbers = OperatingSystem.IsWindows() ? Windows : Unix;
        return exception switch
        {
            OutOfMemoryException => true,
            Win32Exception error => numbers.Contains(error.NativeErrorCode),

            // What has a type of its own has no error number of the system.
            IOException error when error.GetType() == typeof(IOException) => numbers.Contains(error.HResult & 0xFFFF),
            _ => false,
        };
    }
}
