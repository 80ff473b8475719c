using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;

namespace LoopOrchestrator.Core.Agents;

/// <summary>
/// Turns an agent of the configuration into the exact program call for one run. No text of a caller ever becomes an option or passes a
/// shell.
/// </summary>
internal static class AgentCommandLine
{
    /// <summary>The program of an agent before it is looked up.</summary>
    public static string Program(AgentDefinition agent) => agent.Command.Count > 0 ? agent.Command[0] : agent.Preset ?? "";

    /// <summary>The call, with the configured arguments that stand behind the program first.</summary>
    public static AgentInvocation Build(AgentCall call)
    {
        var agent = call.Agent;
        var invocation =
            agent.Kind == AgentKind.Command ? new AgentInvocation([]) { BriefOnInput = false }
            : AgentPresets.Find(agent.Preset) is { } preset ? preset.Build(call)
            : BuildCustom(call);
        return invocation with { Arguments = [.. agent.Command.Skip(1), .. invocation.Arguments] };
    }

    // A program nobody here knows: it finds the way back in a file, whose path is in a variable beside that of the brief.
    private static AgentInvocation BuildCustom(AgentCall call) =>
        new([.. call.Agent.Arguments, .. call.Agent.PromptAsArgument ? [call.BriefArgument] : (string[])[]])
        {
            BriefOnInput = !call.Agent.PromptAsArgument,
            Files = new Dictionary<string, byte[]>(StringComparer.Ordinal) { [call.Folder.McpConfig] = call.Server.ToJson() },
        };
}
