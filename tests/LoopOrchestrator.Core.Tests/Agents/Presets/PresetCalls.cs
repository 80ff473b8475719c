using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Supervision.Files;

namespace LoopOrchestrator.Core.Tests.Agents.Presets;

/// <summary>Calls to build invocations of, with texts that would do harm as options or in a shell.</summary>
internal static class PresetCalls
{
    public const string Brief = "--dangerous # the brief";

    public const string HostileWorkspace = "/a \"b\"\n\\c $(x) 😀";

    public static readonly RunFolder Folder = new("/runs/r");

    public const string WorkingFolder = "/home/me/a (b)+/ws";

    public static readonly Guid Session = new("11111111-2222-3333-4444-555555555555");

    public static AgentDefinition Agent(string preset) =>
        new()
        {
            Name = "a",
            Kind = AgentKind.Cli,
            Preset = preset,
        };

    public static AgentCall Call(AgentDefinition agent, params string[] groups) =>
        new(
            agent,
            TestAgents.Mode(groups),
            Brief,
            Folder,
            Session,
            new McpServerCommand(
                "/opt/loop",
                ["--mode", "stdio", "--workspace", HostileWorkspace],
                new Dictionary<string, string>(StringComparer.Ordinal) { ["LOOP_RUN_ID"] = "run-1" }
            ),
            77
        )
        {
            WorkingFolder = WorkingFolder,
        };

    public static AgentInvocation Build(string preset, params string[] groups) => AgentCommandLine.Build(Call(Agent(preset), groups));

    public static string After(this AgentInvocation invocation, string option) =>
        invocation.Arguments[invocation.Arguments.ToList().IndexOf(option) + 1];
}
