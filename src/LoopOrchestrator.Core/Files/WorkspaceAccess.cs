using System.Globalization;
using LoopOrchestrator.Core.Native;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Says whether a workspace can be written, without writing. Safe on any thread, and cheap enough to be asked every second.
/// </summary>
public static class WorkspaceAccess
{
    /// <summary>
    /// With less free than this, in bytes, records are about to fail or fail already: a database page, a row and an entry need room at
    /// once.
    /// </summary>
    public const long MinRoom = 1024 * 1024;

    private const int WriteAccess = 2;

    /// <summary>Why nothing could be recorded now, as part of a sentence, or <see langword="null"/>.</summary>
    public static string? FindProblem(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return FindProblem(paths, FreeBytes);
    }

    /// <summary>
    /// Why no server could start here, as part of a sentence, or <see langword="null"/>: its folder cannot be made or written. A full disk
    /// is none: room may be made.
    /// </summary>
    public static string? FindRefusal(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (!Directory.Exists(paths.Root))
        {
            return $"the workspace folder {paths.Root} is gone";
        }

        // Answers for permissions and for a file system that is mounted read-only.
        var folder = FolderOf(paths);
        return CanWrite(folder) ? null : $"{folder} cannot be written by this user";
    }

    /// <summary>
    /// Whether this user may write a file or folder, by permissions and by how its disk is mounted; on Windows it is not told.
    /// </summary>
    internal static bool CanWrite(string path) => OperatingSystem.IsWindows() || LibC.Access(path, WriteAccess) == 0;

    internal static string? FindProblem(WorkspacePaths paths, Func<string, long?> freeBytes)
    {
        if (FindRefusal(paths) is { } refusal)
        {
            return refusal;
        }

        var folder = FolderOf(paths);
        return freeBytes(folder) is { } free && free < MinRoom
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the disk that holds {folder} is full ({free / 1024:N0} KiB free); make room, and what is owed is written then"
            )
            : null;
    }

    private static string FolderOf(WorkspacePaths paths) => Directory.Exists(paths.State) ? paths.State : paths.Root;

    private static long? FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // A file system that does not tell its room is written to until it refuses.
            return null;
        }
    }
}
