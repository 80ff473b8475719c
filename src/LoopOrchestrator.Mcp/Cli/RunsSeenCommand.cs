using System.CommandLine;
using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>runs seen</c>: what the button <c>Seen</c> of the dashboard does, with what <c>status</c> shows.</summary>
internal static class RunsSeenCommand
{
    public static Command Create()
    {
        var ids = new Argument<string[]>("RUN_ID")
        {
            Arity = ArgumentArity.ZeroOrMore,
            Description =
                "A run that failed or succeeded, as 'status' names it. Of a schedule, all that ended in the same way up to that run has "
                + "been seen with it.",
        };
        var all = new Option<bool>("--all") { Description = "Instead: everything that failed or succeeded up to now." };
        var done = new Option<bool>("--done") { Description = "Instead: everything that succeeded; what failed stays." };
        var json = WorkspaceCommand.Json(like: null);
        var command = new Command(
            "seen",
            "Say that you have seen what 'status' shows as failed or done: nobody is shown it again, here or on the dashboard."
        )
        {
            ids,
            all,
            done,
            json,
        };
        command.Validators.Add(result =>
        {
            bool[] given = [result.GetValue(ids) is { Length: > 0 }, result.GetValue(all), result.GetValue(done)];
            if (given.Count(static isGiven => isGiven) != 1)
            {
                result.AddError("runs seen takes RUN_IDs, --all or --done, one of the three.");
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var seen = parsed.GetValue(ids) is { Length: > 0 } named
                    ? await AcknowledgeAsync(session, named, cancellationToken)
                    : await AcknowledgeAllAsync(session, parsed.GetValue(all), cancellationToken);
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(new SeenAnswer(seen), ReadableJson.Commands.SeenAnswer);
                }

                await WriteAsync(session, seen, cancellationToken);
                return ExitCode.Ok;
            }
        );
    }

    private static async Task<List<SeenAnswer.SeenRuns>> AcknowledgeAllAsync(
        CommandSession session,
        bool includesFailed,
        CancellationToken cancellationToken
    )
    {
        var seen = new List<SeenAnswer.SeenRuns>();
        while (true)
        {
            var now = await session.Workspace.Status.NowAsync(cancellationToken);
            var waiting = now
                .Needs.Where(need =>
                    need.Action == NeedAction.Acknowledge && (includesFailed || need.Kind == NeedKind.Done) && need.Run is not null
                )
                .ToList();
            foreach (var need in waiting)
            {
                await session.Workspace.Acknowledgements.AcknowledgeAsync(need.Subject!, need.Until!.Value, cancellationToken);
                seen.Add(SeenAnswer.SeenRuns.Of(need, need.Until.Value, need.Run!.Id));
            }

            // Of very many only the first are read at once.
            if (waiting.Count == 0 || !now.HasMoreNeeds)
            {
                return seen;
            }
        }
    }

    // All of them are looked up before any is recorded.
    private static async Task<List<SeenAnswer.SeenRuns>> AcknowledgeAsync(
        CommandSession session,
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken
    )
    {
        var runs = new List<Run>();
        foreach (var id in ids)
        {
            var run = await session.RunAsync(id, cancellationToken);
            if (AcknowledgementSubject.Of(run) is null)
            {
                throw new UserErrorException($"{WhyNot(run)} Nothing was recorded.");
            }

            runs.Add(run);
        }

        var seen = new List<SeenAnswer.SeenRuns>();
        foreach (var run in runs)
        {
            var subject = AcknowledgementSubject.Of(run)!;
            var now = await session.Workspace.Status.NowAsync(cancellationToken);
            if (now.Needs.FirstOrDefault(need => need.Subject == subject) is { } need && run.EndedAt is { } until && until >= need.Since)
            {
                await session.Workspace.Acknowledgements.AcknowledgeAsync(subject, until, cancellationToken);
                seen.Add(SeenAnswer.SeenRuns.Of(need, until, run.Id));
            }
        }

        return seen;
    }

    private static string WhyNot(Run run) =>
        run.ParentRunId is { } parent ? $"Run {run.Id} is a part of {parent}, which is told and seen as a whole."
        : run.State == RunState.NeedsInput
            ? $"Run {run.Id} waits for an answer. Give it with 'loop-orchestrator runs answer {run.Id} ANSWER'."
        : run.State.HasEnded() ? $"Run {run.Id} is {run.State.Name()}, and nobody is asked to look at that."
        : $"Run {run.Id} is {run.State.Name()}. It can be seen when it has ended.";

    private static async Task WriteAsync(
        CommandSession session,
        List<SeenAnswer.SeenRuns> seen,
        CancellationToken cancellationToken
    )
    {
        if (seen.Count == 0)
        {
            session.Output.WriteWrapped(
                "Nothing of that waited to be seen, and nothing was changed: it was seen before, the same work has succeeded since, or an "
                    + "escalation tells of it ('loop-orchestrator status').",
                0
            );
            return;
        }

        var table = new TextTable(Column.States("SEEN"), Column.Ids("RUN"), "WHAT");
        foreach (var one in seen)
        {
            table.Add(one.Kind, one.RunId, ReadableText.Short(one.Title));
        }

        table.Write(session.Output);
        var now = await session.Workspace.Status.NowAsync(cancellationToken);
        var left = now.Needs.Count(static need => need.Action == NeedAction.Acknowledge);
        session.Output.WriteLine(
            left == 0
                ? "Nothing else waits to be seen."
                : $"{left} more {(left == 1 ? "waits" : "wait")} to be seen: loop-orchestrator status"
        );
    }
}
