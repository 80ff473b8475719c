using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// Which groups of tools are served. A model pays for every tool that it is shown, so what is seldom needed is left out unless it is
/// asked for.
/// </summary>
internal static class ToolsetSelection
{
    /// <summary>All groups that are served when nothing else is asked for.</summary>
    public const string Default = "default";

    /// <summary>Every group but those that are served only when they are named.</summary>
    public const string All = "all";

    /// <summary>
    /// What the agent of a run needs on the server that it starts itself: its run and its parts, the memory, the plan and the modes.
    /// Nothing about schedules, other runs or escalations, which are not its business and cost it tokens.
    /// </summary>
    public const string Agent = "agent";

    /// <summary>The tools of <see cref="Agent"/>.</summary>
    public static readonly IReadOnlySet<string> AgentTools = new HashSet<string>(StringComparer.Ordinal)
    {
        "run_mode",
        "get_run",
        "complete_run",
        "append_memory",
        "read_memory",
        "search_memory",
        "list_todos",
        "update_todo",
        "list_modes",
    };

    private static readonly string[] AgentGroups = ["runs", "memory", "planning"];

    private static readonly string[] DefaultGroups = ["runs", "schedules", "timing", "memory", "planning", "system"];

    /// <summary>The group that reads and writes files of the workspace: a person's to switch on.</summary>
    public const string Files = "files";

    // What not every client should have because somebody wanted all: files are written, or a page is shown.
    private static readonly string[] NamedGroups = [Files, "board"];

    /// <summary>The groups, in the order in which they are registered.</summary>
    public static IReadOnlyList<string> Groups { get; } = [.. DefaultGroups, "maintenance", "cycles", .. NamedGroups];

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [Default, .. Groups, Agent, All];

    /// <summary>Says what is wrong with a selection.</summary>
    /// <param name="selection">Names from <see cref="Names"/>, separated by commas, in any case.</param>
    /// <returns>What is wrong and what to do, or <see langword="null"/>.</returns>
    public static string? Refuse(string selection)
    {
        var names = Split(selection);
        var unknown = names.Where(static name => !Names.Contains(name, StringComparer.Ordinal)).ToList();
        var howTo = $"use one or more of {string.Join(", ", Names)}, separated by commas.";
        return names.Length == 0 ? $"no toolset is named; {howTo}"
            : unknown.Count == 0 ? null
            : $"{string.Join(" and ", unknown.Select(static name => $"'{name}'"))} "
                + $"{(unknown.Count == 1 ? "is no toolset" : "are no toolsets")}{Hint(unknown[0])}; {howTo}";
    }

    /// <summary>The groups of a selection that was not refused.</summary>
    /// <param name="selection">Names from <see cref="Names"/>, separated by commas, in any case.</param>
    public static IEnumerable<string> GroupsOf(string selection)
    {
        var names = Split(selection);
        return Groups.Where(group =>
            (names.Contains(All, StringComparer.Ordinal) && !NamedGroups.Contains(group, StringComparer.Ordinal))
            || names.Contains(group, StringComparer.Ordinal)
            || (names.Contains(Default, StringComparer.Ordinal) && DefaultGroups.Contains(group, StringComparer.Ordinal))
            || (names.Contains(Agent, StringComparer.Ordinal) && AgentGroups.Contains(group, StringComparer.Ordinal))
        );
    }

    /// <summary>
    /// A selection that was not refused without <see cref="Files"/>; <see langword="null"/> where that is not in it. What else it names
    /// stays, and the default where that is nothing.
    /// </summary>
    public static string? WithoutFiles(string selection) =>
        Split(selection) is var names && names.Contains(Files, StringComparer.Ordinal)
            ? names.Where(static name => name != Files).ToList() is { Count: > 0 } rest
                ? string.Join(',', rest)
                : Default
            : null;

    /// <summary>Whether a selection that was not refused is of a run's agent alone.</summary>
    public static bool IsOfAgent(string selection) => Split(selection) is [Agent];

    /// <summary>Whether two selections that were not refused serve the same tools.</summary>
    public static bool AreSame(string left, string right) =>
        IsOfAgent(left) == IsOfAgent(right) && GroupsOf(left).SequenceEqual(GroupsOf(right), StringComparer.Ordinal);

    private static string Hint(string unknown) => NearestName.Find(unknown, Names) is { } near ? $" (did you mean '{near}'?)" : "";

    private static string[] Split(string selection) =>
        selection.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
