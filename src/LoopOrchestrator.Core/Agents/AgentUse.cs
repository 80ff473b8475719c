using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents;

/// <summary>Whether a run with an agent could start now, as far as its program goes, which is looked for and never executed.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Path">Where its program was found; <see langword="null"/> where it was not, or there is none.</param>
/// <param name="Missing">Why it cannot be used, as the end of a sentence; <see langword="null"/> where nothing is missing.</param>
public sealed record AgentUse(AgentDefinition Agent, string? Path, string? Missing)
{
    /// <summary>Looks for the program of an agent.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="workspace">The folder that it works in.</param>
    public static AgentUse Of(AgentDefinition agent, string workspace)
    {
        ArgumentNullException.ThrowIfNull(agent);
        var program =
            agent.Kind == AgentKind.Handoff ? null
            : agent.Command.Count > 0 ? agent.Command[0]
            : agent.Preset;
        if (program is null)
        {
            return new AgentUse(agent, null, null);
        }

        var search = ExecutableFinder.Find(program, workspace);
        return new AgentUse(
            agent,
            search.Path,
            search.Path is null
                ? $"its program '{program}' was not found (looked at {search.Places}); install it, or name its "
                    + $"path under agents.{agent.Name}.command in mcp_startup.json"
                : null
        );
    }
}
