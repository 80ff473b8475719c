using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>The agents that do the work of runs: which programs they are, and which server of ours they are given.</summary>
/// <param name="paths">The workspace.</param>
/// <param name="modes">The modes that they work in.</param>
/// <param name="catalog">Which there are.</param>
/// <param name="hold">Whether a person has seen them.</param>
/// <param name="supervisors">What starts them.</param>
/// <param name="supervisorEnded">Called when a supervisor that was started here is seen to end.</param>
/// <param name="redactor">Takes credentials out of their command lines.</param>
internal sealed class RunAgents(
    WorkspacePaths paths,
    ModeFile modes,
    AgentCatalog catalog,
    RunHold hold,
    ISupervisorLauncher supervisors,
    Action supervisorEnded,
    Redactor redactor
)
{
    private const int MaxDescriptionLength = 300;
    private const string RuntimeFolder = "DOTNET_ROOT";

    /// <summary>The modes that they work in.</summary>
    public ModeFile Modes => modes;

    /// <summary>Which there are.</summary>
    public AgentCatalog Catalog => catalog;

    /// <summary>Whether a person has seen them.</summary>
    public RunHold Hold => hold;

    /// <summary>What starts them.</summary>
    public ISupervisorLauncher Supervisors => supervisors;

    /// <summary>Starts the supervisor of a run whose order is written.</summary>
    public void Launch(RunFolder folder, SupervisorStart start) => supervisors.Launch(folder, start, supervisorEnded);

    /// <summary>What an agent of the configuration executes, for people; the brief is no part of it.</summary>
    public string Describe(string agent)
    {
        var command = WithProgram(catalog.Find(agent)) is { } definition
            ? string.Join(' ', [AgentCommandLine.Program(definition), .. definition.Command.Skip(1), .. definition.Arguments])
            : agent;
        return TextCut.Head(redactor.Redact(command), MaxDescriptionLength).ToString();
    }

    /// <summary>The agent with its program, where that is this program itself: which that is, is known only here.</summary>
    public AgentDefinition? WithProgram(AgentDefinition? agent) =>
        agent is { SelfArguments: { } arguments } self
            ? self with
            {
                Command = [.. supervisors.SelfCommand, "--workspace", paths.Root, .. arguments],
            }
            : agent;

    /// <summary>How the agent of a run starts this program as its MCP server.</summary>
    public McpServerCommand ServerOf(Run run)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { [RunEnvironment.RunId] = run.Id };
        if (run.LeaseToken is { } token)
        {
            variables[RunEnvironment.RunToken] = token;
        }

        if (Environment.GetEnvironmentVariable(RuntimeFolder) is { Length: > 0 } runtime)
        {
            // Some CLIs hand nothing on, and without it this program does not find its runtime where that lies elsewhere.
            variables[RuntimeFolder] = runtime;
        }

        var self = supervisors.SelfCommand;
        return new McpServerCommand(self[0], [.. self.Skip(1), "--mode", "stdio", "--workspace", paths.Root], variables);
    }
}
