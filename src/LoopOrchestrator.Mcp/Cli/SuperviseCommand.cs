using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>
/// The hidden sub-command under which every agent runs. It is dispatched before a parser, a host or a logger is loaded,
/// because it lives as long as its agent does and should weigh nothing.
/// </summary>
internal static class SuperviseCommand
{
    public const string Name = "supervise";

    public static int Run(ReadOnlySpan<string> arguments)
    {
        StandardStreams.Error.WriteLine($"error: '{Name}' is started by the server itself and takes its orders from it ({arguments.Length} arguments given).");
        return ExitCode.Usage;
    }
}
