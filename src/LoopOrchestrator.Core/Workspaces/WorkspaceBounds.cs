namespace LoopOrchestrator.Core.Workspaces;

/// <summary>Keeps what we write inside the workspace: a link in a repository must not lead our writes to its user's other files.</summary>
public static class WorkspaceBounds
{
    /// <summary>Returns when <paramref name="path"/>, with all links resolved, lies inside the workspace.</summary>
    /// <exception cref="UserErrorException">It leads outside.</exception>
    public static void Check(WorkspacePaths paths, string path)
    {
        ArgumentNullException.ThrowIfNull(paths);
        string target;
        try
        {
            target = RealPath.Of(path);
            if (target.StartsWith(RealPath.Of(paths.Root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return;
            }
        }
        catch (IOException exception)
        {
            throw new UserErrorException($"{path} cannot be followed ({exception.Message}); nothing was written.", exception);
        }

        throw new UserErrorException(
            $"{path} leads to {target}, which is outside the workspace; nothing was written. Put a file or folder of the workspace in the place of the link.");
    }
}
