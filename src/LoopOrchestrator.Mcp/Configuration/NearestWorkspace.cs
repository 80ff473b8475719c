using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Which folder is meant where nobody names one: the nearest from the current folder upward that is a workspace, as git looks for its
/// repository.
/// </summary>
internal static class NearestWorkspace
{
    /// <summary>How the source of such a workspace begins.</summary>
    public const string Source = "found above the current folder";

    /// <summary>
    /// Looks for it, not beyond the git work tree that the current folder lies in, never at the home folder or above it, and never at a
    /// folder of somebody who owns neither the current folder nor this process.
    /// </summary>
    /// <param name="currentFolder">The current folder, absolute.</param>
    /// <param name="home">The user's home folder; empty where there is none.</param>
    /// <returns>A folder above the current one; <see langword="null"/> where the current one is meant.</returns>
    public static string? Find(string currentFolder, string home)
    {
        var current = Path.TrimEndingDirectorySeparator(currentFolder);
        home = home.Length > 0 ? Path.GetFullPath(home) : home;
        for (var folder = current; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            // What is refused as a workspace (home, the root) is none, and nothing above home is.
            if (WorkspaceCheck.Refuse(folder, home) is not null)
            {
                return null;
            }

            if (IsWorkspace(folder))
            {
                return folder == current || !FileOwner.IsSameOrOwn(folder, current) ? null : folder;
            }

            if (Path.Exists(Path.Combine(folder, ".git")))
            {
                return null;
            }
        }

        return null;
    }

    private static bool IsWorkspace(string folder) =>
        File.Exists(Path.Combine(folder, "mcp_startup.json")) || Directory.Exists(Path.Combine(folder, ".loop"));
}
