using System.CommandLine;
using System.CommandLine.Parsing;
using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] arguments)
    {
        StandardStreams.UseUtf8();
        var parsed = RootCommandFactory.Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                StandardStreams.Error.WriteLine($"error: {SafeText.Escape(error.Message)}");
            }

            StandardStreams.Error.WriteLine($"Run '{Product.Name} {Path(parsed.CommandResult)}--help' for the options.");
            return ExitCode.Usage;
        }

        if (parsed.RootCommandResult.Command != parsed.CommandResult.Command && parsed.GetValue(RootCommandFactory.Info))
        {
            // It would promise to change nothing while the command changes something.
            StandardStreams.Error.WriteLine($"error: --info stands alone and does not go with the command '{parsed.CommandResult.Command.Name}'.");
            return ExitCode.Usage;
        }

        try
        {
            // Signals belong to the hosts: the parser's own handler would end the process while a host still stops in order.
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
        }
        catch (UserErrorException exception)
        {
            StandardStreams.Error.WriteLine($"error: {exception.Message}");
            return ExitCode.Failed;
        }
    }

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)}{result.Command.Name} " : string.Empty;
}
