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
    public string Ensure()
    {
        Directory.CreateDirectory(_paths.State);
        var ignore = Path.Combine(_paths.State, ".gitignore");
        if (!File.Exists(ignore))
        {
            try
            {
                using var stream = new FileStream(ignore, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
                stream.Write("*\n"u8);
            }
            catch (IOException) when (File.Exists(ignore))
            {
                // Another process of this workspace was first.
            }
        }

        return _paths.State;
    }
}
