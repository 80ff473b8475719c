using System.CommandLine;
using LoopOrchestrator.Benchmarks.Measuring;
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

    /// <summary>Another program of ours, measured in turn with the one under test.</summary>
    public static Option<string?> Beside(string description) => new("--beside") { HelpName = "PATH", Description = description };

    /// <summary>Whether other servers are measured in the same run.</summary>
    public static Option<bool> WithPeers() =>
        new("--peers")
        {
            Description = $"Measures {Peers.MemoryName} and {Peers.CronName} from npm in the same run, installed into a temporary folder.",
        };

    /// <summary>The native program on the bare SDK.</summary>
    public static Option<string?> Bare() =>
        new("--bare")
        {
            HelpName = "PATH",
            Description = "The native server on the bare SDK. [default: published from benchmarks/LoopOrchestrator.BareServer]",
        };

    /// <summary>A command whose action has a place for its folders, the program under test, and somewhere to keep its figures.</summary>
    public static Command WithResults(this Command command, Func<ParseResult, BenchmarkRun, CancellationToken, Task<bool>> action)
    {
        var folder = new Option<string?>("--results")
        {
            HelpName = "DIR",
            Description =
                "Adds the figures to COMMIT.jsonl in this folder, with the commit that the program names. [default: they are printed]",
        };
        command.Add(folder);
        return command.WithServer(
            async (parsed, program, place, cancellationToken) =>
                await action(
                    parsed,
                    new BenchmarkRun(
                        program,
                        place,
                        await Results.OpenAsync(command.Name, program, parsed.GetValue(folder), cancellationToken)
                    ),
                    cancellationToken
                )
        );
    }
}
