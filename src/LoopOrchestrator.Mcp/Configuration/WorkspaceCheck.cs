namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Which folders may be a workspace.</summary>
internal static class WorkspaceCheck
{
    private const string Advice = "Name your project's folder with --workspace DIR, or start the server from there.";

    /// <param name="folder">The folder, absolute.</param>
    /// <param name="home">The user's home folder; empty where there is none.</param>
    /// <returns>Why the folder is refused and what to do, or <see langword="null"/>.</returns>
    public static string? Refuse(string folder, string home)
    {
        if (File.Exists(folder))
        {
            return $"the workspace '{folder}' is a file, not a folder. {Advice}";
        }

        if (!Directory.Exists(folder))
        {
            return $"the workspace '{folder}' does not exist. Create the folder first, or correct the path. {Advice}";
        }

        foreach (var name in (string[])[folder, LinkTarget(folder)])
        {
            if (string.Equals(name, Path.GetPathRoot(name), PathComparison))
            {
                return $"the workspace '{folder}' is the root of the file system, which is never one: agents would work on the "
                    + $"whole machine. {Advice}";
            }

            if (home.Length > 0 && (Same(name, home) || Same(name, LinkTarget(home))))
            {
                return $"the workspace '{folder}' is your home folder, which is never one: agents would work on everything you "
                    + $"own. {Advice}";
            }
        }

        return null;
    }

    private static StringComparison PathComparison =>
        OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    private static bool Same(string left, string right) =>
        string.Equals(Path.TrimEndingDirectorySeparator(left), Path.TrimEndingDirectorySeparator(right), PathComparison);

    private static string LinkTarget(string folder)
    {
        try
        {
            return Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder;
        }
        catch (IOException)
        {
            return folder;
        }
    }
}
