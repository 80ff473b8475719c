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
        GuardedFolder.Create(paths.SetAside);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{now.UtcDateTime:yyyyMMdd-HHmmss}-{Path.GetFileName(path)}-{Random.Shared.NextInt64():x}"
        );
        var kept = Path.Combine(paths.SetAside, name);
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
}
