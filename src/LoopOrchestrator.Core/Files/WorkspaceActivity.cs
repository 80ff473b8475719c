namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Whether anybody changed a workspace's files. Our own records, repositories' insides and usual build folders do not count.
/// </summary>
internal static class WorkspaceActivity
{
    // A look, not an inventory: in a larger tree the rest counts as unchanged only after this many files.
    private const int MaxFiles = 100_000;

    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal)
    {
        ".loop",
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        "bin",
        "obj",
        "artifacts",
        "target",
        "__pycache__",
        ".venv",
    };

    /// <summary>Whether a file was written after <paramref name="moment"/>.</summary>
    public static bool Since(WorkspacePaths paths, DateTimeOffset moment)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var limit = moment.UtcDateTime;
        var open = new Stack<DirectoryInfo>([new DirectoryInfo(paths.Root)]);
        var options = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        var seen = 0;
        while (open.TryPop(out var folder))
        {
            foreach (var entry in Entries(folder, options))
            {
                if (entry is DirectoryInfo child)
                {
                    if (!PassedOver.Contains(child.Name))
                    {
                        open.Push(child);
                    }
                }
                else if (
                    entry.LastWriteTimeUtc > limit
                    && entry.FullName != paths.Timing
                    && entry.FullName != paths.Memory
                    && !WorkspacePaths.IsTimingMonth(paths.Display(entry.FullName))
                )
                {
                    return true;
                }
                else if (++seen > MaxFiles)
                {
                    return false;
                }
            }
        }

        return false;
    }

    private static FileSystemInfo[] Entries(DirectoryInfo folder, EnumerationOptions options)
    {
        try
        {
            return folder.GetFileSystemInfos("*", options);
        }
        catch (DirectoryNotFoundException)
        {
            // It was taken away since it was listed.
            return [];
        }
    }
}
