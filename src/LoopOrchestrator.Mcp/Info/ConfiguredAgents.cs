using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Info;

/// <summary>The agents of the configuration with their programs, which are looked for and never executed.</summary>
internal static class ConfiguredAgents
{
    public static IReadOnlyList<InfoAgent> Find(OrchestratorConfiguration configuration, string workspace) =>
        [
            .. configuration
                .Agents.Values.OrderBy(static agent => agent.Name, StringComparer.Ordinal)
                .Select(agent => Find(agent, workspace)),
        ];

    private static InfoAgent Find(AgentDefinition agent, string workspace)
    {
        var program =
            agent.Kind == AgentKind.Handoff ? null
            : agent.Command.Count > 0 ? agent.Command[0]
            : agent.Preset;
        if (string.IsNullOrEmpty(program))
        {
            return new InfoAgent(agent.Name, agent.Kind.Name(), program, null, [], AgentEnvironment.Own(agent));
        }

        var (path, looked) = ExecutableFinder.Find(program, workspace);
        return new InfoAgent(agent.Name, agent.Kind.Name(), program, path, path is null ? looked : [], AgentEnvironment.Own(agent));
    }
}
