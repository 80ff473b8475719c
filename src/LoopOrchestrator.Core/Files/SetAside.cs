using System.Globalization;

namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Keeps what lies where we are about to make something of our own, and is none of ours: moved, never removed, and never read.
/// </summary>
internal static class SetAside
{
    /// <summary>Moves a file, folder or link (not what it leads to) into <see cref="WorkspacePaths.SetAside"/>.</summary>
    /// <returns>Where it is kept.</returns>
    /// <exception cref="IOException">It cannot be moved.</exception>
    public static string Keep(WorkspacePaths paths, string path, DateTimeOffset now)
    {
        var kept = NewPlace(paths, path, now);
        if (File.GetAttributes(path).HasFlag(FileAttributes.Directory))
        {
            Directory.Move(path, kept);
        }
        else
        {
            File.Move(path, kept);
        }

        return kept;
    }

    /// <summary>
    /// Copies the bytes of a file that is about to be replaced into <see cref="WorkspacePaths.SetAside"/>, for its user alone. The file
    /// stays where it is: at no moment is there none. When this returns, the copy is on disk.
    /// </summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="path">The file as its user knows it.</param>
    /// <param name="content">The file, at its first byte.</param>
    /// <param name="now">The moment.</param>
    /// <exception cref="IOException">It cannot be copied; nothing may be replaced then.</exception>
    public static void KeepCopy(WorkspacePaths paths, string path, Stream content, DateTimeOffset now)
    {
        var kept = NewPlace(paths, path, now);
        using (var copy = new FileStream(GuardedFile.Open(kept, FileMode.CreateNew, FileAccess.Write), FileAccess.Write))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(copy.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            content.CopyTo(copy);
            copy.Flush(flushToDisk: true);
        }

        DirectorySync.Flush(paths.SetAside);
    }

    private static string NewPlace(WorkspacePaths paths, string path, DateTimeOffset now)
    {
        GuardedFolder.Create(paths.SetAside);
        return Path.Combine(
            paths.SetAside,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{Path.GetFileName(path)}-{Random.Shared.NextInt64():x}"
            )
        );
    }
}
