using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Which processes belong to a program of this workspace, on Linux. A workspace that was copied or imported has the ids of the one that it
/// comes from, and what goes on there is not its own to end.
/// </summary>
internal sealed class RunProcesses(WorkspacePaths workspace)
{
    /// <summary>Those of some processes, alive and not this one, that have a mark of a program of this workspace.</summary>
    /// <param name="all">The processes.</param>
    /// <param name="mark">The variable that all of the program's processes have in their environment.</param>
    public IEnumerable<ProcessEntry> Of(IEnumerable<ProcessEntry> all, (string Name, string Value) mark) =>
        all.Where(entry =>
            !entry.IsZombie
            && entry.Pid != Environment.ProcessId
            && ProcessTable.HasEnvironment(entry.Pid, mark.Name, mark.Value)
            && !IsElsewhere(entry.Pid)
        );

    /// <summary>
    /// Whether a process was started for another workspace. One whose workspace is not there any more is no other one's: the folder may
    /// have got another name since.
    /// </summary>
    public bool IsElsewhere(int pid) =>
        ProcessTable.Environment(pid, RunEnvironment.Workspace) is { } named
        && named != workspace.Root
        && SpecialFile.Identity(named) is { } there
        && SpecialFile.Identity(workspace.Root) is { } here
        && there != here;
}
