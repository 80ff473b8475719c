namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Whether a folder seems to lie in a git work tree, told by the files alone: no program is started, so it may be asked of a workspace that
/// is not trusted.
/// </summary>
public static class GitFolder
{
    /// <summary>
    /// Why a folder lies in no work tree; <see langword="null"/> where it, or a folder above it, has a <c>.git</c>. What is in that is not
    /// looked at.
    /// </summary>
    /// <param name="folder">The folder, absolute.</param>
    public static string? WhyNone(string folder) => TopOf(folder) is null ? "neither the workspace nor a folder above it has a .git" : null;

    /// <summary>
    /// The nearest folder that has a <c>.git</c>, from a folder upward; <see langword="null"/> where none has. What is in that is not
    /// looked at.
    /// </summary>
    /// <param name="folder">The folder, absolute.</param>
    public static string? TopOf(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            if (Path.Exists(Path.Combine(at, ".git")))
            {
                return at;
            }
        }

        return null;
    }
}
