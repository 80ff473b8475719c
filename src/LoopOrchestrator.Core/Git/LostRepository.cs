using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Remembers which folder has the repository of a workspace, so that somebody is told when its <c>.git</c> is gone. The way back of a work
/// tree goes with it, unless checkpoints are kept elsewhere too.
/// </summary>
internal static class LostRepository
{
    private const int MaxBytes = 8 * 1024;

    /// <summary>What is said of a repository that was here and is gone; <see langword="null"/> where that is not so.</summary>
    public static string? Find(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return
            TopOf(paths) is { } top
            && Directory.Exists(top)
            && !Path.Exists(Path.Combine(top, ".git"))
            && !HasNearer(paths.Root, top)
            ? $"the repository of {top} is gone: its .git was removed"
            : null;
    }

    /// <summary>The top of the work tree that was known last.</summary>
    public static string? TopOf(WorkspacePaths paths)
    {
        try
        {
            return
                DurableFile.ReadOrNull(Mark(paths), MaxBytes) is { Length: > 0 } bytes
                && Encoding.UTF8.GetString(bytes) is var top
                && (paths.Root == top || paths.Root.StartsWith(top.TrimEnd('/') + "/", StringComparison.Ordinal))
                ? top
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Remembers it, where it is a folder whose <c>.git</c> can be missed.</summary>
    public static void Remember(WorkspacePaths paths, string top)
    {
        if (!Path.Exists(Path.Combine(top, ".git")))
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(top);
        if (!bytes.AsSpan().SequenceEqual(DurableFile.ReadOrNull(Mark(paths), MaxBytes) ?? []))
        {
            DurableFile.Replace(Mark(paths), bytes);
        }
    }

    // One that is nearer to the workspace than the folder that is remembered is the workspace's own, whatever became of the other.
    private static bool HasNearer(string folder, string top) =>
        GitFolder.TopOf(folder) is { } nearest && nearest.Length > top.Length;

    public static string Mark(WorkspacePaths paths) => Path.Combine(paths.Checkpoints, "repository");
}
