using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>trust</c>: the user's word for what this workspace executes, calls and permits, as it is listed.</summary>
internal static class TrustCommand
{
    public static Command Create()
    {
        var revoke = new Option<bool>("--revoke") { Description = "Take the word back." };
        var show = new Option<bool>("--show") { Description = "Show the list, or what has changed in it, and record nothing." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var command = new Command(
            "trust",
            "List every command of this workspace that could be executed, every address that would be called and what its modes may do, "
                + "and let it be so from now on; the next time, show what has changed and let that be so. Recorded outside the workspace; "
                + "a running server takes notice by itself. What changes later is held back until this is said again."
        )
        {
            revoke,
            show,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(revoke) && (result.GetValue(show) || result.GetValue(json)))
            {
                result.AddError("--revoke stands alone: it has nothing to show.");
            }
        });
        command.SetAction(
            (parsed, _) =>
            {
                using var session = CommandSession.Open(parsed, needsConfiguration: !parsed.GetValue(revoke));
                return Task.FromResult(
                    session is null ? ExitCode.InvalidConfiguration
                    : parsed.GetValue(revoke) ? Revoke(session)
                    : Trust(session, parsed.GetValue(show), parsed.GetValue(json))
                );
            }
        );
        return command;
    }

    /// <summary>Lists what there is, and lets it be so.</summary>
    internal static int Trust(CommandSession session, bool onlyShows, bool asJson)
    {
        var seen = session.Workspace.Approved;
        if (!onlyShows && Environment.GetEnvironmentVariable(RunEnvironment.RunId) is { Length: > 0 } run)
        {
            throw new UserErrorException(
                $"This is a process of run {SafeText.Escape(run)}, and trust is a person's to give. Nothing was recorded. "
                    + "Show what there is with --show, and give it in a shell of your own."
            );
        }

        // Read once: what is shown is what is recorded.
        var now = seen.Current;
        var (before, adopted) = seen.Recorded();
        if (!onlyShows)
        {
            seen.Record(now);
            session.Workspace.Ring();
        }

        var isRecorded = !onlyShows || before is not null;
        var answer = TrustAnswer.From(session.Workspace.Paths.Root, now, before, isRecorded, adopted && onlyShows);
        if (asJson)
        {
            session.Output.WriteLine(JsonSerializer.Serialize(answer, ReadableJson.Commands.TrustAnswer));
        }
        else
        {
            TrustText.Write(session, answer, before is null || (adopted && !onlyShows) ? null : now.Since(before), onlyShows);
        }

        return ExitCode.Ok;
    }

    private static int Revoke(CommandSession session)
    {
        var trust = session.Workspace.Trust;
        session.Output.WriteLine(
            session.Workspace.Approved.Revoke()
                ? $"{SafeText.Escape(session.Workspace.Paths.Root)} is not trusted: its commands and agents are not started any more."
                : $"No trust in {SafeText.Escape(session.Workspace.Paths.Root)} was recorded, so there was none to take back."
        );
        session.Output.WriteLine($"Recorded in {trust.RecordFile}");
        session.Output.WriteLine(
            "Runs that are going on go on. A server that was started with --trust-workspace or LOOP_TRUST_WORKSPACE=1 "
                + "keeps that word until it ends."
        );
        return ExitCode.Ok;
    }
}
