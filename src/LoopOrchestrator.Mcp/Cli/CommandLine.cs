using System.CommandLine;
using System.CommandLine.Parsing;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>From arguments to an exit code.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] arguments)
    {
        StandardStreams.UseUtf8();
        var output = Terminal(StandardStreams.Output, StandardStreams.TerminalWidth, Environment.GetEnvironmentVariable);
        var isDumb = Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";
        var error =
            StandardStreams.IsErrorRedirected || isDumb
                ? StandardStreams.Error
                : new TerminalWriter(StandardStreams.Error, StandardStreams.Screen.Width, hasColour: false)
                {
                    Screen = static () => StandardStreams.Screen,
                };
        return RunAsync(arguments, output, error);
    }

    /// <summary>What commands print to, with its width and colours where it has them.</summary>
    /// <param name="output">Where the text goes.</param>
    /// <param name="width">The columns of the terminal; <see langword="null"/> where it is none.</param>
    /// <param name="variable">The value of a variable of the environment.</param>
    internal static TextWriter Terminal(TextWriter output, int? width, Func<string, string?> variable)
    {
        // COLUMNS gives a width to what has none: a pipe in a script, or into a pager.
        var columns = width ?? (int.TryParse(variable("COLUMNS"), out var given) && given > 0 ? given : null);
        var hasColour = width is not null && string.IsNullOrEmpty(variable("NO_COLOR")) && variable("TERM") is not (null or "" or "dumb");
        return columns is { } some
            ? new TerminalWriter(output, some, hasColour)
            {
                Screen = width is null || variable("TERM") is null or "" or "dumb" ? null : static () => StandardStreams.Screen,
                Answers = width is null || StandardStreams.IsInputRedirected ? null : static () => StandardStreams.Answers,
            }
            : output;
    }

    /// <summary>
    /// The same, with the answer and the errors of commands written elsewhere. A server writes to the process's own streams.
    /// </summary>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter error)
    {
        var parsed = RootCommandFactory.Create().Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageErrors.Describe(parsed).ToList() is { Count: > 0 } problems)
        {
            foreach (var problem in problems)
            {
                error.WriteLine($"error: {problem}");
            }

            error.WriteLine($"Run '{Product.Name} {Path(parsed.CommandResult)}--help' for the options.");
            return ExitCode.Usage;
        }

        if (parsed.RootCommandResult.Command != parsed.CommandResult.Command && parsed.GetValue(RootCommandFactory.Info))
        {
            // It would promise to change nothing while the command changes something.
            error.WriteLine($"error: --info stands alone and does not go with the command '{parsed.CommandResult.Command.Name}'.");
            return ExitCode.Usage;
        }

        if (
            parsed.RootCommandResult.Command != parsed.CommandResult.Command
            && parsed.GetValue(ServerSettings.Workspace) is { Length: > 1 } several
        )
        {
            error.WriteLine(
                $"error: --workspace names one workspace for '{parsed.CommandResult.Command.Name}', and {several.Length} are given; only a "
                    + "server takes several."
            );
            return ExitCode.Usage;
        }

        try
        {
            // Signals belong to the hosts: the parser's own handler would end the process while a host still stops in order.
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    ProcessTerminationTimeout = null,
                    EnableDefaultExceptionHandler = false,
                    Output = output,
                    Error = error,
                }
            );
        }
        catch (UserErrorException exception)
        {
            error.WriteLine($"error: {CommandWords.Of(exception.Sentence)}");
            return ExitCode.Failed;
        }
    }

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)}{result.Command.Name} " : string.Empty;
}
