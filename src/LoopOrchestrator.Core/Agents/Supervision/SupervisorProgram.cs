namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>The internal sub-command under which this program supervises one run.</summary>
public static class SupervisorProgram
{
    /// <summary>The sub-command's name; its only argument is the run's folder.</summary>
    public const string CommandName = "supervise";

    /// <summary>Supervises the run of <paramref name="runFolder"/> to its end.</summary>
    public static Task RunAsync(string runFolder) => new Supervisor(new RunFolder(runFolder), TimeProvider.System).RunAsync();
}
