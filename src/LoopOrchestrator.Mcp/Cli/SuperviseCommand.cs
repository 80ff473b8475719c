using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Mcp.Bootstrap;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>
/// The hidden sub-command under which every agent runs. It is dispatched before a parser, a host or a logger is loaded,
/// because it lives as long as its agent does and should weigh nothing.
/// </summary>
internal static class SuperviseCommand
{
    public const string Name = SupervisorProgram.CommandName;

    public static int Run(string[] arguments)
    {
        if (arguments is not [var runFolder] || !Directory.Exists(runFolder))
        {
            StandardStreams.Error.WriteLine(
                $"error: '{Name}' is started by the server itself, with the folder of a run as its only argument."
            );
            return ExitCode.Usage;
        }

        // Awaited, the main thread would spin a while before it sleeps, on a processor that the agent wants.
        var supervised = SupervisorProgram.RunAsync(runFolder, StandardStreams.OpenInput());
        ((IAsyncResult)supervised).AsyncWaitHandle.WaitOne();
        supervised.GetAwaiter().GetResult();
        return ExitCode.Ok;
    }
}
