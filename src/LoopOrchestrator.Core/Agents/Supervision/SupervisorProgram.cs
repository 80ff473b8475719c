using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>The internal sub-command under which this program supervises one run.</summary>
public static class SupervisorProgram
{
    /// <summary>The sub-command's name; its only argument is the run's folder.</summary>
    public const string CommandName = "supervise";

    /// <summary>
    /// Supervises the run of <paramref name="runFolder"/> to its end. Does nothing when the server that started it ended before it gave the
    /// start.
    /// </summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="input">Standard input, where the start comes from; read to its end first.</param>
    public static async Task RunAsync(string runFolder, Stream input)
    {
        if (SupervisorStart.Read(input) is { } start)
        {
            // Of the whole process, and so not a supervisor's own doing: tests have several in theirs.
            UnixProcess.BecomeSupervisor();
            await new Supervisor(new RunFolder(runFolder), TimeProvider.System, AgentTree.BelowThisProcess).RunAsync(start);
        }
    }
}
