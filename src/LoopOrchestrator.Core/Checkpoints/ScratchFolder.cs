using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// A folder for one call's temporary files, removed at its end. A lock says that it is in use, so that what a killed process left is told
/// from what is needed, without any clock.
/// </summary>
internal sealed class ScratchFolder : IDisposable
{
    private const string LockName = "lock";

    private readonly FileLock _lock;

    private ScratchFolder(string path, FileLock held)
    {
        Path = path;
        _lock = held;
    }

    /// <summary>The folder, absolute. On the workspace's own file system, as a rule.</summary>
    public string Path { get; }

    /// <summary>Makes one.</summary>
    public static ScratchFolder Create(WorkspacePaths paths)
    {
        while (true)
        {
            var path = System.IO.Path.Combine(Folder(paths), $"{Environment.ProcessId:x}-{Random.Shared.NextInt64():x}");
            WorkspaceBounds.Check(paths, path);
            GuardedFolder.Create(path);
            try
            {
                if (FileLock.TryAcquire(System.IO.Path.Combine(path, LockName)) is { } held)
                {
                    return new ScratchFolder(path, held);
                }
            }
            catch (DirectoryNotFoundException)
            {
                // Another process took it for a leftover in this moment.
            }
        }
    }

    /// <summary>Removes what processes left that are no more.</summary>
    public static void Sweep(WorkspacePaths paths)
    {
        if (!GuardedFolder.Exists(Folder(paths)))
        {
            return;
        }

        foreach (var folder in GuardedFolder.Folders(Folder(paths)))
        {
            try
            {
                using var held = FileLock.TryAcquire(System.IO.Path.Combine(folder, LockName));
                if (held is not null)
                {
                    GuardedFolder.Delete(folder);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody else is at it, or it holds what we may not remove; the next sweep tries again.
            }
        }
    }

    /// <summary>The path of something in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            GuardedFolder.Delete(Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next sweep finds it.
        }

        _lock.Dispose();
    }

    private static string Folder(WorkspacePaths paths) => System.IO.Path.Combine(paths.Checkpoints, "work");
}
