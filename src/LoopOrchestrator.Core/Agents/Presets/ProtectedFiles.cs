namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>
/// The files that no agent edits with its own tools, where its program can be told: they say what is executed, or are this program's and
/// git's own. By their paths in the folder where the agent works.
/// </summary>
internal static class ProtectedFiles
{
    /// <summary>Single files. In a work tree <c>.git</c> is one.</summary>
    public static readonly IReadOnlyList<string> Files = ["schedules.json", ".roo/schedules.json", "mcp_startup.json", ".roomodes", Git];

    /// <summary>Folders, with all that is in them.</summary>
    public static readonly IReadOnlyList<string> Folders = [".loop", Git];

    /// <summary>The folder of git, which some programs know by themselves.</summary>
    public const string Git = ".git";

    /// <summary>As patterns of gitignore(5), from the working folder.</summary>
    public static readonly IReadOnlyList<string> Patterns =
    [
        .. Files.Select(static file => $"./{file}"),
        .. Folders.Select(static folder => $"./{folder}/**"),
    ];
}
