using System.CommandLine;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Calls;

namespace LoopOrchestrator.Mcp.Cli.Commands;

/// <summary>What all commands on a workspace have in common.</summary>
internal static class WorkspaceCommand
{
    /// <summary>Gives a command its action on the workspace.</summary>
    public static Command OnWorkspace(
        this Command command,
        Func<CommandSession, ParseResult, CancellationToken, Task<int>> run,
        bool needsConfiguration = false
    )
    {
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                using var session = CommandSession.Open(parsed, needsConfiguration);
                return session is null ? ExitCode.InvalidConfiguration : await run(session, parsed, cancellationToken);
            }
        );
        return command;
    }

    /// <summary>The option of a command that prints data, for programs that read it.</summary>
    /// <param name="like">The tool whose answer it prints; <see langword="null"/> for a document of the command's own.</param>
    public static Option<bool> Json(string? like) =>
        new("--json") { Description = like is null ? "Print one JSON document." : $"Print what the tool {like} answers." };

    /// <summary>The option of a list for its next page, as the tools have it.</summary>
    public static Option<string?> Cursor() =>
        new("--cursor") { HelpName = "CURSOR", Description = "next_cursor of what --json printed: what comes behind that." };

    /// <summary>The option by which a call can be repeated that may have been cut off, as the tools have it.</summary>
    public static Option<string?> RequestId() => new("--request-id") { HelpName = "ID", Description = RequestIdText.OfCommand };

    /// <summary>Says that a list is cut, and how to see the rest.</summary>
    /// <param name="session">Where it is written.</param>
    /// <param name="count">How many were listed.</param>
    /// <param name="most">How many can be.</param>
    /// <param name="narrower">What else helps, as the end of a sentence.</param>
    public static void WriteMore(this CommandSession session, int count, int most, string narrower) =>
        session.Output.WriteWrapped($"There are more: these are the latest {count}. --limit N shows up to {most}, {narrower}.", 0);

    /// <summary>An option that takes a whole number in a range.</summary>
    public static Option<int> Number(string name, string helpName, string description, int least, int most, int standard)
    {
        var option = new Option<int>(name)
        {
            HelpName = helpName,
            Description = description,
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (!int.TryParse(token.Value, out var number) || number < least || number > most))
            {
                result.AddError($"{name} is '{token.Value}' and must be a whole number from {least} to {most}.");
            }
        });
        return option;
    }
}
