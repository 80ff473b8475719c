using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Agents;

/// <summary>Which agents there are and which modes they have, as a configuration says it.</summary>
public sealed record AgentSettings
{
    /// <summary>The agent of modes that name none.</summary>
    public string DefaultAgent { get; init; } = AgentDefinition.HandoffName;

    /// <summary>The configured agents by name; the built-in ones are always there as well.</summary>
    public IReadOnlyDictionary<string, AgentDefinition> Agents { get; init; } =
        new Dictionary<string, AgentDefinition>(StringComparer.Ordinal);

    /// <summary>The agent of each mode that names one, by the mode's slug.</summary>
    public IReadOnlyDictionary<string, string> ModeAgents { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether the built-in agent that commits also pushes.</summary>
    public bool PushesCommits { get; init; }

    /// <summary>The file that all this was read from where it is not the workspace's own, absolute.</summary>
    public string? OtherFile { get; init; }

    /// <summary>What people call the file.</summary>
    internal string FileName => OtherFile ?? "mcp_startup.json";
}
