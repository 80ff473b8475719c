using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Agents.Contracts;

/// <summary>
/// The modes that no agent program works in by itself: what is released or deployed is done by a command that somebody wrote, or by hand.
/// Pure.
/// </summary>
internal static class CommandOnlyModes
{
    private static readonly string[] Slugs = ["integration-release", "integration-deploy"];

    /// <summary>Whether a mode is one of them.</summary>
    public static bool Include(string mode) => Slugs.Contains(mode, StringComparer.Ordinal);

    /// <summary>Refuses an agent program in such a mode.</summary>
    /// <exception cref="UserErrorException">It is one; the message says what to configure.</exception>
    public static void Check(string mode, AgentDefinition agent)
    {
        if (agent.Kind == AgentKind.Cli && Include(mode))
        {
            throw new UserErrorException(
                $"Mode {mode} runs configured commands only, and agent '{agent.Name}' is an agent program. Name a command "
                    + "for it in mcp_startup.json, "
                    + $"such as \"agents\": {{ \"ship\": {{ \"kind\": \"command\", \"command\": [\"./ship.sh\"] }} }} and "
                    + $"\"modes\": {{ \"{mode}\": {{ \"agent\": \"ship\" }} }}, or ask with agent "
                    + $"'{AgentDefinition.HandoffName}' and do the work yourself."
            );
        }
    }
}
