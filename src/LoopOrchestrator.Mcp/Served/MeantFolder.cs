using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Register;

namespace LoopOrchestrator.Mcp.Served;

/// <summary>
/// Which folder a text stands for, whatever the server serves: a name of the register means the same everywhere, also where a folder here
/// is called so. Links are resolved.
/// </summary>
internal static class MeantFolder
{
    /// <summary>The folder of a whole path or of a registered name.</summary>
    /// <param name="text">What somebody has written.</param>
    /// <returns><see langword="null"/> for what is neither: nobody else has it then.</returns>
    /// <exception cref="UserErrorException">The register cannot be read: what a name means is not known.</exception>
    public static string? Of(string text) =>
        RealOrNull(text)
        ?? (
            WorkspaceName.HasForm(text) && new WorkspaceRegister(WorkspaceRegister.DefaultFile).Find(text) is { } registered
                ? Real(registered.Folder)
                : null
        );

    /// <summary>Whether a folder is the one that was meant.</summary>
    /// <param name="meant">The answer of <see cref="Of"/>.</param>
    /// <param name="folder">A folder; one whose links lead in a circle is nobody's.</param>
    public static bool Is(string? meant, string folder) => meant is not null && RealOrNull(folder) == meant;

    /// <summary>A folder without links on the way to it; as it is where they lead in a circle, which is told when it is opened.</summary>
    /// <param name="folder">A whole path.</param>
    public static string Real(string folder) => RealOrNull(folder) ?? Path.TrimEndingDirectorySeparator(folder);

    private static string? RealOrNull(string path)
    {
        try
        {
            return Path.IsPathFullyQualified(path) ? RealPath.Of(path) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Links in a circle, or what no path can be, lead to no workspace.
            return null;
        }
    }
}
