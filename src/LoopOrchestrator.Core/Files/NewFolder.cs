using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Native;

namespace LoopOrchestrator.Core.Files;

/// <summary>Makes a folder that was not there before. .NET's own call cannot tell whether it made one or found one.</summary>
internal static class NewFolder
{
    private const int AlreadyExists = 17;
    private const int WindowsAlreadyExists = 183;
    private const int WindowsFileExists = 80;

    /// <summary>
    /// Makes the folder; its parents are made where they are missing, as <see cref="GuardedFolder.Create(string)"/> makes them.
    /// </summary>
    /// <returns>False when something has this name already: a folder, a file, or a link wherever it leads.</returns>
    /// <exception cref="IOException">It cannot be made.</exception>
    public static bool TryCreate(string path)
    {
        GuardedFolder.Create(Path.GetDirectoryName(path)!);
        var isMade = OperatingSystem.IsWindows()
            ? Kernel32.CreateDirectory(path, 0) != 0
            : LibC.Mkdir(path, NativeFiles.EveryPermission) == 0;
        var error = isMade ? 0 : Marshal.GetLastPInvokeError();
        return isMade
            || (
                error is AlreadyExists or WindowsAlreadyExists or WindowsFileExists
                    ? false
                    : throw new IOException($"the folder {path} cannot be made: {Marshal.GetPInvokeErrorMessage(error)}")
            );
    }
}
