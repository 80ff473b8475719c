using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Agents.Presets;

/// <summary>What a preset makes a call of.</summary>
/// <param name="Agent">The agent as configured.</param>
/// <param name="Mode">The mode, whose groups are what the agent may use.</param>
/// <param name="Brief">What it is told.</param>
/// <param name="Folder">The run's folder, which holds the brief as a file too.</param>
/// <param name="SessionId">An id for CLIs that take one.</param>
/// <param name="Server">The way back to this server.</param>
/// <param name="TimeoutSeconds">The run's time limit.</param>
internal sealed record AgentCall(
    AgentDefinition Agent,
    Mode Mode,
    string Brief,
    RunFolder Folder,
    Guid SessionId,
    McpServerCommand Server,
    int TimeoutSeconds
)
{
    /// <summary>Where it works: the workspace, or the work tree of its step.</summary>
    public required string WorkingFolder { get; init; }

    public bool MayEdit => May(ModeGroup.Edit);

    public bool MayCommand => May(ModeGroup.Command);

    private bool May(string group) => Mode.Groups.Any(one => one.Name == group);
}
