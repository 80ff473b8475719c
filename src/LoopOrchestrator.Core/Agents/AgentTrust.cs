using System.Globalization;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Agents;

/// <summary>What trust in an agent covers: the program, everything that becomes an argument, and its variables with their values.</summary>
internal static class AgentTrust
{
    /// <summary>The entry of an agent; <see langword="null"/> for one that is no program of the workspace.</summary>
    public static TrustedEntry? Entry(AgentDefinition agent, string file)
    {
        if (agent.Kind == AgentKind.Handoff || agent.SelfArguments is not null)
        {
            return null;
        }

        // Each list with its length, so that no word can move from one into the next unnoticed. Limits are numbers of the loop's own.
        List<string> parts =
        [
            agent.Kind.Name(),
            agent.Preset ?? "",
            agent.Model ?? "",
            agent.PromptAsArgument ? "argument" : "input",
            .. Counted(agent.Command),
            .. Counted(agent.Arguments),
            .. Counted(agent.PassEnvironment),
            .. Counted([
                .. agent
                    .Environment.OrderBy(static pair => pair.Key, StringComparer.Ordinal)
                    .SelectMany(static pair => new[] { pair.Key, pair.Value }),
            ]),
        ];
        return TrustedEntry.Create(TrustedKind.Agent, $"{file}: agents.{agent.Name}", Text(agent), parts);
    }

    private static string Text(AgentDefinition agent)
    {
        var words = TrustedEntry.Words([.. agent.Command, .. agent.Arguments]);
        List<string> more =
        [
            .. agent.Preset is { } preset ? [$"preset {preset}"] : (string[])[],
            .. agent.Model is { } model ? [$"model {model}"] : (string[])[],
            .. agent.PassEnvironment.Count > 0 ? [$"inherits {string.Join(", ", agent.PassEnvironment)}"] : (string[])[],
            .. agent.Environment.Count > 0
                ? [$"sets {string.Join(", ", agent.Environment.Keys.Order(StringComparer.Ordinal))}"]
                : (string[])[],
        ];
        return more.Count == 0 ? words : $"{(words.Length > 0 ? words + " " : "")}({string.Join("; ", more)})";
    }

    private static IEnumerable<string> Counted(IReadOnlyList<string> list) => [list.Count.ToString(CultureInfo.InvariantCulture), .. list];
}
