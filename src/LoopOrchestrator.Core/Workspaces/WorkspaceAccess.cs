using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Workspaces;

/// <summary>Says whether a workspace can be written, without writing.</summary>
internal static partial class WorkspaceAccess
{
    private const int WriteAccess = 2;

    /// <summary>Why nothing could be recorded now, or <see langword="null"/>.</summary>
    public static string? FindProblem(WorkspacePaths paths)
    {
        if (!Directory.Exists(paths.Root))
        {
            return $"the workspace folder {paths.Root} is gone";
        }

        // Answers for permissions and for a file system that is mounted read-only.
        var folder = Directory.Exists(paths.State) ? paths.State : paths.Root;
        return OperatingSystem.IsWindows() || Access(folder, WriteAccess) == 0 ? null : $"{folder} cannot be written by this user";
    }

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);
}
