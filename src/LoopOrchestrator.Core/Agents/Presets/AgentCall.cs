using System.Text;
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

    /// <summary>
    /// The most bytes of one argument: Linux takes 128 KiB with the zero behind it, Windows 32,767 characters for all together.
    /// </summary>
    public static int MaxArgumentBytes => OperatingSystem.IsWindows() ? 24_000 : (128 * 1024) - 1;

    /// <summary>The brief for a program that takes it as an argument: where it is too long, the file in which it stands.</summary>
    public string BriefArgument =>
        Encoding.UTF8.GetByteCount(Brief) <= MaxArgumentBytes
            ? Brief
            : $"Your whole task stands in the file {Folder.Brief}. Read all of that file first, then do exactly what it says.";

    public bool MayEdit => May(ModeGroup.Edit);

    public bool MayCommand => May(ModeGroup.Command);

    private bool May(string group) => Mode.Groups.Any(one => one.Name == group);
}
