namespace LoopOrchestrator.Core.Modes.Import;

/// <summary>What the tools of a Claude Code agent are called here.</summary>
internal static class ClaudeTools
{
    /// <summary>What an agent without a list of tools may use: all of them.</summary>
    public static IReadOnlyList<ModeGroup> All { get; } =
    [new(ModeGroup.Read), new(ModeGroup.Edit), new(ModeGroup.Command), new(ModeGroup.Mcp)];

    /// <summary>The groups that allow these tools, and what is lost on the way.</summary>
    public static (IReadOnlyList<ModeGroup> Groups, IReadOnlyList<string> Lost) Map(IReadOnlyList<string> tools)
    {
        var groups = new List<string>();
        var without = new List<string>();
        var lost = new List<string>();
        foreach (var tool in tools)
        {
            var bracket = tool.IndexOf('(', StringComparison.Ordinal);
            var name = bracket < 0 ? tool : tool[..bracket].TrimEnd();
            if (GroupOf(name) is not { } group)
            {
                without.Add(name);
                continue;
            }

            if (bracket >= 0)
            {
                lost.Add($"the limit of '{tool}' is not carried over: the group '{group}' allows more");
            }
            else if (name.StartsWith("mcp__", StringComparison.Ordinal))
            {
                lost.Add($"'{name}' becomes the group 'mcp', which allows every tool of every MCP server");
            }

            groups.Add(group);
        }

        if (without.Count > 0)
        {
            lost.Add($"no group stands for {string.Join(", ", without.Select(static name => $"'{name}'"))}, which is left out");
        }

        return ([.. All.Where(group => groups.Contains(group.Name, StringComparer.Ordinal))], lost);
    }

    private static string? GroupOf(string tool) =>
        tool switch
        {
            "Read" or "Grep" or "Glob" or "LS" or "NotebookRead" => ModeGroup.Read,
            "Edit" or "Write" or "MultiEdit" or "NotebookEdit" => ModeGroup.Edit,
            "Bash" or "BashOutput" or "KillBash" or "KillShell" => ModeGroup.Command,
            _ when tool.StartsWith("mcp__", StringComparison.Ordinal) => ModeGroup.Mcp,
            _ => null,
        };
}
