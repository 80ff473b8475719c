using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Configuration;

/// <summary>What <c>mcp_startup.json</c> says of agents, modes, limits and the memory. Without the file everything is a hand-off.</summary>
public sealed record OrchestratorConfiguration
{
    /// <summary>The agent of modes that name none (<c>defaultAgent</c>); <c>handoff</c> by default.</summary>
    public string DefaultAgent { get; init; } = AgentDefinition.HandoffName;

    /// <summary>The configured agents by name (<c>agents</c>); <c>handoff</c> and <c>commits</c> are always there as well.</summary>
    public IReadOnlyDictionary<string, AgentDefinition> Agents { get; init; } =
        new Dictionary<string, AgentDefinition>(StringComparer.Ordinal);

    /// <summary>The agent of each mode that names one (<c>modes</c>), by the mode's slug.</summary>
    public IReadOnlyDictionary<string, string> ModeAgents { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Where the file names the modes that it gives an agent; which modes there are is known elsewhere.</summary>
    public IReadOnlyList<ModePlace> ModePlaces { get; init; } = [];

    /// <summary>The limits of every run (<c>limits</c>), and what runs may cost (<c>budget</c>).</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>Who is told of escalations (<c>escalation</c>).</summary>
    public EscalationChannels Escalation { get; init; } = new();

    /// <summary>How somebody outside learns that the loop is not well (<c>alarm</c>).</summary>
    public AlarmSettings Alarm { get; init; } = new();

    /// <summary>How others read what is measured (<c>telemetry</c>).</summary>
    public TelemetrySettings Telemetry { get; init; } = new();

    /// <summary>How large the memory may become (<c>memory</c>).</summary>
    public MemoryLimits Memory { get; init; } = new();

    /// <summary>How the time log is kept (<c>timing</c>).</summary>
    public TimingSettings Timing { get; init; } = new();

    /// <summary>The workflows by name (<c>workflows</c>); <see cref="WorkflowDefinition.DefaultName"/> is always there.</summary>
    public IReadOnlyDictionary<string, WorkflowDefinition> Workflows { get; init; } =
        new Dictionary<string, WorkflowDefinition>(StringComparer.Ordinal) { [WorkflowDefinition.DefaultName] = BuiltInWorkflow.Default };

    /// <summary>How changes are committed (<c>commit</c>).</summary>
    public CommitSettings Commit { get; init; } = new();

    /// <summary>
    /// The file that all this was read from where it is not the workspace's own, absolute: processes that are started on the workspace are
    /// told of it.
    /// </summary>
    public string? OtherFile { get; init; }

    /// <summary>What of it is about agents.</summary>
    public AgentSettings AgentSettings =>
        new()
        {
            DefaultAgent = DefaultAgent,
            Agents = Agents,
            ModeAgents = ModeAgents,
            PushesCommits = Commit.Push,
            OtherFile = OtherFile,
        };

    /// <summary>What people call the file.</summary>
    internal string FileName => AgentSettings.FileName;

    /// <summary>The names of the variables whose values are taken out of output, answers and memory, in alphabetical order.</summary>
    public IReadOnlyList<string> FindRedactedVariables() =>
        [.. CreateRedactor().Values.Select(static value => value.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>
    /// What takes credentials out of the texts of a workspace with this configuration: what an agent is given by it may come back in the
    /// agent's report to this process, which does not have it in its own environment.
    /// </summary>
    internal Redactor CreateRedactor() => Redactor.OfProcess(Agents.Values.SelectMany(static agent => agent.Environment));
}
