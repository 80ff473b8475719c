using System.CommandLine;
using LoopOrchestrator.Benchmarks.Processes;
using LoopOrchestrator.Benchmarks.Workspaces;

namespace LoopOrchestrator.Benchmarks;

/// <summary>Options that several benchmarks have, and what follows from them.</summary>
internal static class CommonOptions
{
    public static Option<string?> Executable() =>
        new("--executable")
        {
            HelpName = "PATH",
            Description = $"The server to measure. [default: {ServerProgram.Variable}, else the one built with the benchmarks]",
        };

    public static Option<string?> Folder() =>
        new("--folder")
        {
            HelpName = "DIR",
            Description = "Where temporary folders are made, for the disk that is meant. [default: the system's temporary folder]",
        };

    public static Option<int> Number(string name, int normal, int least, int most, string description)
    {
        var option = new Option<int>(name)
        {
            HelpName = "N",
            Description = description,
            DefaultValueFactory = _ => normal,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var value) || value < least || value > most))
            {
                result.AddError($"{name} is '{token.Value}' and must be a whole number from {least} to {most}.");
            }
        });
        return option;
    }

    /// <summary>A command whose action gets a place for its folders; the place is gone when the action has ended, however it did.</summary>
    public static Command WithFolder(this Command command, Func<ParseResult, TemporaryFolder, CancellationToken, Task<bool>> action)
    {
        var folder = Folder();
        command.Add(folder);
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var place = new TemporaryFolder(parsed.GetValue(folder));
                return await action(parsed, place, cancellationToken) ? 0 : 1;
            }
        );
        return command;
    }

    /// <summary>The same with the program under test.</summary>
    public static Command WithServer(
        this Command command,
        Func<ParseResult, ServerProgram, TemporaryFolder, CancellationToken, Task<bool>> action
    )
    {
        var executable = Executable();
        command.Add(executable);
        return command.WithFolder(
            (parsed, place, cancellationToken) => action(parsed, ServerProgram.Find(parsed.GetValue(executable)), place, cancellationToken)
        );
    }
}
