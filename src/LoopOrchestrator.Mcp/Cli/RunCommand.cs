using System.CommandLine;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Runs;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>run</c>: asks for a run, as the tool <c>run_mode</c> does.</summary>
internal static class RunCommand
{
    private const int MaxTimeout = 86_400;

    public static Command Create()
    {
        var mode = new Argument<string>("MODE") { Description = "The mode's slug; 'modes list' shows them." };
        var task = new Argument<string>("TASK") { Description = "What is to be done, and how one knows that it is done." };
        var agent = new Option<string?>("--agent")
        {
            HelpName = "NAME",
            Description = "The agent; 'handoff' means that the work is done by whoever gets the brief. [default: the mode's own]",
        };
        var timeout = WorkspaceCommand.Number(
            "--timeout",
            "SECONDS",
            "Time limit from its start; 0 takes the workspace's.",
            0,
            MaxTimeout,
            0
        );
        var wait = WorkspaceCommand.Number(
            "--wait",
            "SECONDS",
            "Wait up to this long for its end. Ends then with 0 when it succeeded and 6 when it did not, or not yet.",
            0,
            MaxTimeout,
            0
        );
        var take = new Option<bool>("--take")
        {
            Description = "Take a hand-off yourself, with its brief and its lease, instead of " + "leaving it to whoever claims it.",
        };
        var requestId = WorkspaceCommand.RequestId();
        var json = WorkspaceCommand.Json("run_mode");
        return new Command(
            "run",
            "Ask for a piece of work in a mode, and print the run. A running server starts it; a hand-off waits " + "for whoever claims it."
        )
        {
            mode,
            task,
            agent,
            timeout,
            wait,
            take,
            requestId,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var seconds = parsed.GetValue(wait);
                var asJson = parsed.GetValue(json);
                var run = await RequestAsync(session, Request(parsed), cancellationToken);
                var isTaken = run is { Kind: RunKind.Handoff, State: RunState.Running, LeaseToken: not null };

                // Before it is waited for: whoever does the work needs its brief and its lease meanwhile.
                if (isTaken && asJson)
                {
                    var runs = session.Workspace.Runs;
                    session.WriteJson(RunResult.Taken(run, runs.LeaseSeconds, runs.Brief(run)), ReadableJson.Tools.RunResult);
                }
                else if (isTaken)
                {
                    await RunText.WriteTakenAsync(session, run, cancellationToken);
                }

                if (seconds > 0)
                {
                    await session.Error.WriteLineAsync(
                        $"Run {run.Id} is {run.State.Name()}; waiting up to {seconds} s. Ending this " + "command does not end the run."
                    );
                    run = await session.WhileAsync(
                        $"Waiting for run {run.Id}",
                        session.Workspace.Runs.WaitAsync(run.Id, seconds, cancellationToken)
                    );
                }

                if (isTaken && (asJson || !run.State.HasEnded()))
                {
                    // What it needs has been printed, and the store does not know the token.
                    if (seconds > 0)
                    {
                        await session.Error.WriteLineAsync($"Run {run.Id} is {run.State.Name()}.");
                    }
                }
                else if (asJson)
                {
                    session.WriteJson(RunResult.From(run), ReadableJson.Tools.RunResult);
                }
                else
                {
                    await RunText.WriteAsync(session, run, cancellationToken);
                    await RunText.WriteNextAsync(session, run, cancellationToken);
                }

                return seconds == 0 || run.State == RunState.Succeeded ? ExitCode.Ok : ExitCode.RunNotSucceeded;
            },
            needsConfiguration: true
        );

        RunRequest Request(ParseResult parsed)
        {
            var limit = parsed.GetValue(timeout);
            var parent = Environment.GetEnvironmentVariable(RunEnvironment.RunId);
            return new RunRequest(parsed.GetValue(mode)!, parsed.GetValue(task)!)
            {
                Agent = parsed.GetValue(agent),
                TimeoutSeconds = limit == 0 ? null : limit,
                ParentRunId = string.IsNullOrEmpty(parent) ? null : parent,
                QueuesHandOff = !parsed.GetValue(take),
                RequestId = parsed.GetValue(requestId),
            };
        }
    }

    private static async Task<Run> RequestAsync(CommandSession session, RunRequest request, CancellationToken cancellationToken)
    {
        var run = await session.Workspace.Runs.RequestAsync(request, cancellationToken);
        if (!request.QueuesHandOff && run.Kind != RunKind.Handoff)
        {
            await session.Error.WriteLineAsync($"--take changes nothing: agent '{run.AgentName()}' is no hand-off and starts by itself.");
        }

        return run;
    }
}
