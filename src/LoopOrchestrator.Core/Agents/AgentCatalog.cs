using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Agents;

/// <summary>Finds the agent of a mode: the caller's choice, else the mode's own, else the default. Immutable.</summary>
public sealed class AgentCatalog(AgentSettings settings)
{
    // A run is started by a trusted server only, so its trust is handed on. The push alone may need what opens the remote; gates do not get
    // it.
    private readonly AgentDefinition _commits = new()
    {
        Name = AgentDefinition.CommitsName,
        Kind = AgentKind.Command,
        SelfArguments = ["--trust-workspace", .. settings.OtherFile is { } file ? ["--config", file] : (string[])[], "commit", "--apply"],
        PassEnvironment = settings.PushesCommits ? ["SSH_AUTH_SOCK", "GIT_SSH_COMMAND"] : [],
    };

    /// <summary>The names that a caller may choose from, the built-in ones first.</summary>
    public IReadOnlyList<string> Names { get; } =
    [
        .. AgentDefinition.BuiltInNames,
        .. settings.Agents.Keys.Except(AgentDefinition.BuiltInNames, StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>The agent of that name, or <see langword="null"/>.</summary>
    public AgentDefinition? Find(string name) =>
        settings.Agents.GetValueOrDefault(name)
        ?? (
            name == AgentDefinition.HandoffName ? AgentDefinition.Handoff
            : name == AgentDefinition.CommitsName ? _commits
            : null
        );

    /// <summary>Whether the configuration names an agent for this very mode.</summary>
    public bool HasOwn(string mode) => settings.ModeAgents.ContainsKey(mode);

    /// <summary>The agent for a run, and why it is that one.</summary>
    /// <param name="mode">The mode's slug.</param>
    /// <param name="chosen">The agent that the caller named, if any.</param>
    /// <exception cref="UserErrorException">There is no such agent.</exception>
    public AgentChoice Resolve(string mode, string? chosen)
    {
        if (chosen is not null)
        {
            return new AgentChoice(Find(chosen) ?? throw Unknown(chosen, "asked for"), "the caller named it");
        }

        if (settings.ModeAgents.TryGetValue(mode, out var own))
        {
            return new AgentChoice(
                Find(own) ?? throw Unknown(own, $"configured for mode {mode}"),
                $"mcp_startup.json names it for mode {mode}"
            );
        }

        return new AgentChoice(
            Find(settings.DefaultAgent) ?? throw Unknown(settings.DefaultAgent, "configured as defaultAgent"),
            "it is the default agent"
        );
    }

    /// <summary>The agent that <see cref="Resolve"/> would name; <see langword="null"/> where there is no such agent.</summary>
    public AgentDefinition? FindFor(string mode, string? chosen) =>
        Find(chosen ?? settings.ModeAgents.GetValueOrDefault(mode, settings.DefaultAgent));

    private UserErrorException Unknown(string name, string where) =>
        new(
            $"There is no agent '{name}' ({where}). Agents here: {string.Join(", ", Names)}. Others are added under "
                + "\"agents\" in mcp_startup.json."
        );
}
