using LoopOrchestrator.Core.Agents.Supervision.Files;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>The internal sub-command under which this program supervises one run.</summary>
public static class SupervisorProgram
{
    /// <summary>The sub-command's name; its only argument is the run's folder.</summary>
    public const string CommandName = "supervise";

    /// <summary>Supervises the run of <paramref name="runFolder"/> to its end. Does nothing when the server that started it ended before it gave the start.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="input">Standard input, where the start comes from; read to its end first.</param>
    public static Task RunAsync(string runFolder, Stream input) =>
        SupervisorStart.Read(input) is { } start ? new Supervisor(new RunFolder(runFolder), TimeProvider.System).RunAsync(start) : Task.CompletedTask;
}
