using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Whether a file belongs to the workspace, so that whoever the repository comes from, or an agent at work in it, may have written it.
/// </summary>
internal static class WorkspaceMembership
{
    private static StringComparison PathComparison =>
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    /// <summary>
    /// Whether the path lies in the workspace by its name or by where its links lead. A link in the workspace that leads out of it
    /// counts too: the link is the repository's. So does a path whose links lead in a circle.
    /// </summary>
    /// <param name="path">The file, absolute; it may be absent.</param>
    /// <param name="workspace">The workspace's folder, absolute.</param>
    public static bool Has(string path, string workspace)
    {
        try
        {
            var real = RealPath.Of(workspace);
            return IsBelow(path, workspace) || IsBelow(path, real) || IsBelow(RealPath.Of(path), real);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static bool IsBelow(string path, string folder) =>
        Path.GetFullPath(path).StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, PathComparison);
}
