namespace LoopOrchestrator.Core.Modes;

/// <summary>A group of tools that a mode may use.</summary>
/// <param name="Name">
/// <c>read</c>, <c>edit</c>, <c>command</c>, <c>mcp</c> or <c>modes</c>; another name grants nothing here and is kept as written.
/// </param>
/// <param name="FileRegex">
/// A regular expression that a file's path must contain for the group to apply to it; <see langword="null"/> for every file.
/// One that <see cref="RooModesFile"/> returned is known to compile.
/// </param>
/// <param name="Description">What <paramref name="FileRegex"/> selects, for people.</param>
public sealed record ModeGroup(string Name, string? FileRegex = null, string? Description = null)
{
    /// <summary>Reading files.</summary>
    public const string Read = "read";

    /// <summary>Changing files.</summary>
    public const string Edit = "edit";

    /// <summary>Running commands.</summary>
    public const string Command = "command";

    /// <summary>Calling tools of MCP servers.</summary>
    public const string Mcp = "mcp";

    /// <summary>Switching modes and starting work in another one.</summary>
    public const string Modes = "modes";

    /// <summary>All groups that there are.</summary>
    public static IReadOnlyList<string> Known { get; } = [Read, Edit, Command, Mcp, Modes];

    /// <summary>Whether <paramref name="name"/> is a group that means something to this program. Case counts, as it does in Roo.</summary>
    public static bool IsKnown(string name) => name is Read or Edit or Command or Mcp or Modes;
}
