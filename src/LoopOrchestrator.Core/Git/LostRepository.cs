using System.Text;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Remembers which folder has the repository of a workspace and what was checked out there, so that somebody is told when its <c>.git</c>
/// is gone, or another one is in its place. The way back of a work tree goes with it, unless checkpoints are kept elsewhere too.
/// </summary>
internal static class LostRepository
{
    private const int MaxBytes = 8 * 1024;
    private const int ShownLength = 12;

    /// <summary>What is said of a repository that was here and is gone; <see langword="null"/> where that is not so.</summary>
    public static string? Find(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (TopOf(paths) is not { } top || !Directory.Exists(top) || HasNearer(paths.Root, top))
        {
            return null;
        }

        var git = Path.Combine(top, ".git");
        return !Path.Exists(git) ? $"the repository of {top} is gone: its .git was removed"
            : CommitOf(paths) is { } commit && IsWithout(git, commit)
                ? $"the repository of {top} is gone: its .git is another one, without commit {commit[..ShownLength]} that was checked out"
            : null;
    }

    /// <summary>The top of the work tree that was known last.</summary>
    public static string? TopOf(WorkspacePaths paths) =>
        Lines(paths) is [var top, ..] && (paths.Root == top || paths.Root.StartsWith(top.TrimEnd('/') + "/", StringComparison.Ordinal))
            ? top
            : null;

    /// <summary>Remembers it, where it is a folder whose <c>.git</c> can be missed.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="top">The top of the work tree.</param>
    /// <param name="commit">What is checked out; <see langword="null"/> before the first commit.</param>
    public static void Remember(WorkspacePaths paths, string top, string? commit)
    {
        if (!Path.Exists(Path.Combine(top, ".git")))
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(commit is null ? top : $"{top}\n{commit}");
        if (!bytes.AsSpan().SequenceEqual(DurableFile.ReadOrNull(Mark(paths), MaxBytes) ?? []))
        {
            DurableFile.Replace(Mark(paths), bytes);
        }
    }

    // One that is nearer to the workspace than the folder that is remembered is the workspace's own, whatever became of the other.
    private static bool HasNearer(string folder, string top) => GitFolder.TopOf(folder) is { } nearest && nearest.Length > top.Length;

    private static string? CommitOf(WorkspacePaths paths) =>
        Lines(paths) is [_, { Length: >= ShownLength } commit] && commit.All(char.IsAsciiHexDigitLower) ? commit : null;

    // Whether that is certain without git: it could be in a pack, or with an alternate.
    private static bool IsWithout(string git, string commit)
    {
        try
        {
            var objects = Path.Combine(git, "objects");
            var packs = Path.Combine(objects, "pack");
            return Directory.Exists(objects)
                && !Path.Exists(Path.Combine(objects, commit[..2], commit[2..]))
                && !Path.Exists(Path.Combine(objects, "info", "alternates"))
                && !(Directory.Exists(packs) && Directory.EnumerateFileSystemEntries(packs).Any());
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string[] Lines(WorkspacePaths paths)
    {
        try
        {
            return DurableFile.ReadOrNull(Mark(paths), MaxBytes) is { Length: > 0 } bytes
                ? Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static string Mark(WorkspacePaths paths) => Path.Combine(paths.Checkpoints, "repository");
}
