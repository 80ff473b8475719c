using System.CommandLine;
using System.Text.Json;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>commit</c>: plans commits of what has changed, and makes them when asked to.</summary>
internal static class CommitCommand
{
    private const int ShortId = 10;

    public static Command Create()
    {
        var apply = new Option<bool>("--apply")
        {
            Description =
                "Make the commits, each when commit.gate of mcp_startup.json passes. Ends with 1 when one cannot be made; "
                + "those before it stay.",
        };
        var message = new Option<string?>("--message")
        {
            HelpName = "TEXT",
            Description = "The message for the code, which is then one commit. [default: made from the files]",
        };
        var detached = new Option<bool>("--allow-detached") { Description = "Commit also where HEAD is on no branch." };
        var seen = new Option<string?>(CommitTrust.ApprovedOption)
        {
            HelpName = "DIGEST",
            Description = "For servers: commit only while commit.gate is what was looked at.",
            Hidden = true,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        return new Command(
            "commit",
            "Show which commits the changed files make: code with its tests, docs, build, CI. With --apply, make them. "
                + "Pushes only where commit.push is set."
        )
        {
            apply,
            message,
            detached,
            seen,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var commits = session.Workspace.Commits;
                var run = Environment.GetEnvironmentVariable(RunEnvironment.RunId);
                var request = new CommitRequest
                {
                    Message = parsed.GetValue(message),
                    AllowDetached = parsed.GetValue(detached),
                    ApprovedGate = parsed.GetValue(seen),

                    // As the step of a cycle it commits what the cycle has changed: what a person is at beside it is not its to commit.
                    Only = string.IsNullOrEmpty(run) ? null : await session.Workspace.Cycles.Changes.FilesAsync(run, cancellationToken),
                };
                var asJson = parsed.GetValue(json);
                if (!parsed.GetValue(apply))
                {
                    var plan = await commits.PlanAsync(request.Message, cancellationToken);
                    await WriteAsync(session, asJson, CommitAnswer.From(plan), () => CommitText.Write(session.Output, plan));
                    return ExitCode.Ok;
                }

                var result = await commits.MakeAsync(
                    request,
                    made: asJson
                        ? null
                        : commit => session.Output.WriteLine($"{commit.Id[..ShortId]} {SafeText.Escape(commit.Group.Subject)}"),
                    cancellationToken: cancellationToken
                );
                await WriteAsync(session, asJson, CommitAnswer.From(result), () => CommitText.Write(session.Output, result));
                if (result.Made.Count > 0 && session.Configuration.Commit.Gate.Count == 0)
                {
                    await session.Error.WriteLineAsync(
                        "note: commit.gate in mcp_startup.json names no command, so nothing was checked before a commit."
                    );
                }

                return await WriteResultAsync(session, result);
            },
            needsConfiguration: true
        );
    }

    private static async Task<int> WriteResultAsync(CommandSession session, CommitResult result)
    {
        if (result.Stopped is { } stopped)
        {
            if (result.Output.Length > 0)
            {
                await session.Error.WriteLineAsync(ReadableText.Block(result.Output));
            }

            throw new UserErrorException(
                $"{SafeText.Escape(stopped)}. "
                    + $"{(result.Made.Count == 0 ? "Nothing was committed." : $"{result.Made.Count} commit(s) before it stay.")}"
            );
        }

        return result.PushFailure is { } failure
            ? throw new UserErrorException(
                $"The commits were made, and pushing them failed: {SafeText.Escape(failure)}. Push them by hand when the cause is mended."
            )
            : ExitCode.Ok;
    }

    private static async Task WriteAsync(CommandSession session, bool asJson, CommitAnswer answer, Action write)
    {
        if (asJson)
        {
            await session.Output.WriteLineAsync(JsonSerializer.Serialize(answer, ReadableJson.Commands.CommitAnswer));
            return;
        }

        write();
    }
}
