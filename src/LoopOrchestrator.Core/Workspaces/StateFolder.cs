namespace LoopOrchestrator.Core.Workspaces;

/// <summary>
/// The folder of our own state. It is made at the first need, never by looking, and hides itself from git
/// before anything else is written there.
/// </summary>
public sealed class StateFolder
{
    private readonly WorkspacePaths _paths;

    /// <summary>Names the state folder of one workspace; creates nothing yet.</summary>
    public StateFolder(WorkspacePaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = paths;
    }

    /// <summary>
    /// Makes the folder and its <c>.gitignore</c> where they are missing. Safe to call often and from several processes;
    /// an existing <c>.gitignore</c> is left as it is.
    /// </summary>
    /// <returns>The folder's path.</returns>
    /// <exception cref="UserErrorException">The folder cannot be made or written.</exception>
    public string Ensure()
    {
        try
        {
            Directory.CreateDirectory(_paths.State);
            HideFromGit(Path.Combine(_paths.State, ".gitignore"));
            return _paths.State;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"the state folder '{_paths.State}' cannot be made or written: {exception.Message} Give this user the right to write in the workspace, or name another with --workspace.",
                exception);
        }
    }

    private static void HideFromGit(string file)
    {
        if (File.Exists(file))
        {
            return;
        }

        try
        {
            using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
            stream.Write("*\n"u8);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process of this workspace was first.
        }
    }
}
