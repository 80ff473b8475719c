using System.CommandLine;
using System.Text;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>runs log</c>: prints what a run has printed, and goes on doing so while it runs.</summary>
internal static class RunLogCommand
{
    private const int PartBytes = 64 * 1024;

    public static Command Create()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on printing until the run has ended." };
        var raw = new Option<bool>("--raw") { Description = "As it was printed, also the events of agent programs." };
        var json = WorkspaceCommand.Json(like: null);
        var command = new Command(
            "log",
            "Print what a run's attempts have printed so far, the events of agent programs in words, without what could steer the terminal."
        )
        {
            id,
            follow,
            raw,
            json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && (result.GetValue(follow) || result.GetValue(raw)))
            {
                result.AddError("--json gives the output as it was printed, once; leave --follow and --raw out.");
            }
        });
        return command.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runs = session.Workspace.Runs;
                var run = await session.RunAsync(parsed.GetValue(id)!, cancellationToken);
                if (parsed.GetValue(json))
                {
                    var output = run.Kind == RunKind.Cycle ? await CommandsAsync(session, run, cancellationToken) : All(runs, run);
                    return session.WriteJson(LogAnswer.From(run, output), ReadableJson.Commands.LogAnswer);
                }

                await FollowAsync(session, run, parsed.GetValue(follow), parsed.GetValue(raw), cancellationToken);
                return ExitCode.Ok;
            }
        );
    }

    /// <summary><c>runs tail</c>: the same until the run has ended, whose outcome its exit code is.</summary>
    public static Command Tail()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run; 'last' is the one that was asked for last." };
        var raw = new Option<bool>("--raw") { Description = "As it was printed, also the events of agent programs." };
        return new Command(
            "tail",
            "Print what a run prints until it has ended. Ends with 0 when it succeeded and 6 when it did not. Ending this command does "
                + "not end the run."
        )
        {
            id,
            raw,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var run = await session.RunAsync(parsed.GetValue(id)!, cancellationToken);
                run = await FollowAsync(session, run, follows: true, parsed.GetValue(raw), cancellationToken);
                return run.State == RunState.Succeeded ? ExitCode.Ok : ExitCode.RunNotSucceeded;
            }
        );
    }

    private static async Task<Run> FollowAsync(
        CommandSession session,
        Run run,
        bool follows,
        bool isRaw,
        CancellationToken cancellationToken
    )
    {
        var runs = session.Workspace.Runs;
        if (run.Kind == RunKind.Cycle)
        {
            await WriteCommandsAsync(session, run, cancellationToken);
        }

        var transcript = isRaw ? null : runs.Transcript(run);
        var position = OutputPosition.Start;
        while (true)
        {
            var part = runs.Output(run, position, PartBytes);
            Write(session.Output, transcript?.Add(part) ?? part.Text);
            if (part.IsLast || (part.Next == position && !follows))
            {
                break;
            }

            // Asked for before it is waited for, so that nothing is missed between.
            run =
                part.Next == position ? await runs.WaitForOutputAsync(run.Id, position, RunService.MaxWaitSeconds, cancellationToken) : run;
            position = part.Next;
        }

        Write(session.Output, transcript?.End() ?? "");
        if (transcript is { LeftOut: > 0 } left)
        {
            session.Error.WriteLine($"{left.LeftOut} event(s) without words of their own are left out; --raw shows them.");
        }

        session.Error.WriteLine(
            run.State.HasEnded()
                ? $"Run {run.Id} is {run.State.Name()}: {run.Reason}"
                : $"Run {run.Id} is {run.State.Name()}; --follow goes on with it."
        );
        return run;
    }

    private static string All(RunService runs, Run run)
    {
        var text = new StringBuilder();
        var part = runs.Output(run, OutputPosition.Start, PartBytes);
        var position = OutputPosition.Start;
        while (part.Next != position)
        {
            text.Append(part.Text);
            (position, part) = (part.Next, runs.Output(run, part.Next, PartBytes));
        }

        return text.ToString();
    }

    // As it was printed: in a document nothing steers a terminal.
    private static async Task<string> CommandsAsync(CommandSession session, Run run, CancellationToken cancellationToken) =>
        await session.Workspace.Cycles.FindAsync(run.Id, cancellationToken) is { } cycle
            ? string.Concat(
                cycle.Items.Select(static item =>
                    item.RunId is not null ? $"{Heading(item)}\n"
                    : item.Output is { Length: > 0 } printed ? $"{Heading(item)}\n{printed.TrimEnd()}\n"
                    : ""
                )
            )
            : "";

    private static string Heading(CycleItem item) =>
        $"== {item.Number} {item.Kind.Name()} {item.Name}: {(item.RunId is { } step ? $"runs log {step}" : item.State.Name())}";

    // A cycle is no program: what was printed in it is that of its gates and sync commands, and its steps have logs of their own.
    private static async Task WriteCommandsAsync(CommandSession session, Run run, CancellationToken cancellationToken)
    {
        if (await session.Workspace.Cycles.FindAsync(run.Id, cancellationToken) is not { } cycle)
        {
            return;
        }

        foreach (var item in cycle.Items)
        {
            if (item.RunId is not null)
            {
                session.Output.WriteLine(SafeText.Escape(Heading(item)));
            }
            else if (item.Output is { Length: > 0 })
            {
                session.Output.WriteLine(SafeText.Escape(Heading(item)));
                CycleText.WriteOutput(session, cycle, item, int.MaxValue, "");
            }
        }
    }

    private static void Write(TextWriter output, string text)
    {
        var body = text.TrimEnd('\n');
        output.Write(ReadableText.Block(body));
        output.Write(new string('\n', text.Length - body.Length));
        output.Flush();
    }
}
