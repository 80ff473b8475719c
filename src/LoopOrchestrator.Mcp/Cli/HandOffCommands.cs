using System.CommandLine;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Runs;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary>
/// <c>runs claim</c>, <c>runs complete</c> and <c>runs answer</c>: what an agent or a person does with a hand-off, without an MCP client.
/// </summary>
internal static class HandOffCommands
{
    private const int MaxWait = 86_400;

    private static readonly string[] Outcomes = [RunState.Succeeded.Name(), RunState.Failed.Name(), RunState.NeedsInput.Name()];

    public static Command Claim()
    {
        var id = new Argument<string?>("RUN_ID")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "A certain run. [default: the first that waits]",
        };
        var mode = new Option<string?>("--mode", "--mode-slug") { HelpName = "SLUG", Description = "Only a run in this mode." };
        var wait = WorkspaceCommand.Number("--wait", "SECONDS", "Wait up to this long for one.", 0, MaxWait, 0);
        var json = WorkspaceCommand.Json("claim_run");
        return new Command(
            "claim",
            "Take a waiting hand-off and print its brief. It waits again when no heartbeat comes for the time " + "of its lease."
        )
        {
            id,
            mode,
            wait,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runs = session.Workspace.Runs;
                var wanted = parsed.GetValue(id) is { } part ? await runs.ResolveAsync(part, cancellationToken) : null;
                var seconds = parsed.GetValue(wait);
                var run = await runs.ClaimAsync(
                    wanted,
                    parsed.GetValue(mode),
                    RunCaller.Unknown,
                    TimeSpan.FromSeconds(seconds),
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(ClaimResult.From(runs, run, seconds), ReadableJson.Tools.ClaimResult);
                }

                if (run is null)
                {
                    session.Output.WriteLine(seconds == 0 ? "No hand-off waits." : $"No hand-off came within {seconds} s.");
                    return ExitCode.Ok;
                }

                await RunText.WriteTakenAsync(session, run, cancellationToken);
                return ExitCode.Ok;
            }
        );
    }

    public static Command Heartbeat()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var token = new Option<string?>("--lease-token")
        {
            HelpName = "TOKEN",
            Description = "From the answer that gave you the run. " + "Only a run that version 0.1.0 handed out needs none.",
        };
        return new Command("heartbeat", "Keep the lease of a hand-off that you have taken.") { id, token }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runs = session.Workspace.Runs;
                var run = await session.RunAsync(parsed.GetValue(id)!, cancellationToken);
                var isHolder = await runs.BeatAsync(run.Id, RunCaller.OfEnvironment(), parsed.GetValue(token), cancellationToken);
                if (!isHolder && run is { State: RunState.Running, Kind: RunKind.Handoff, Lease: not null })
                {
                    throw new UserErrorException(
                        parsed.GetValue(token) is null
                            ? $"Run {run.Id} has a holder, and only a heartbeat of that one keeps it. Give --lease-token TOKEN, from the "
                                + "answer that gave you the run."
                            : $"--lease-token is not the one of run {run.Id}: it is not yours, or not any more. 'runs show {run.Id}' says "
                                + "how it stands."
                    );
                }

                session.Output.WriteLine(
                    $"Run {run.Id} is {run.State.Name()}"
                        + $"{(isHolder ? $"; its lease holds for {runs.LeaseSeconds} s from now" : " and has no lease")}."
                );
                return ExitCode.Ok;
            }
        );
    }

    public static Command Complete()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var outcome = new Argument<string>("OUTCOME") { Description = string.Join(", ", Outcomes) + "." };
        outcome.AcceptOnlyFromAmong(Outcomes);
        var summary = new Argument<string>("SUMMARY") { Description = "What was done and the evidence for it; or why it was not done." };
        var findings = Many("--finding", "What others will need to know later.");
        var followUps = Many("--follow-up", "Work that was seen and not done.");
        var questions = Many("--question", "What a person has to answer; needed with needs_input.");
        var token = new Option<string?>("--lease-token")
        {
            HelpName = "TOKEN",
            Description = "From the answer that gave you the run. An " + "agent program in its own shell needs none.",
        };
        var requestId = WorkspaceCommand.RequestId();
        return new Command("complete", "Report the outcome of a run that was worked on, as the tool complete_run does.")
        {
            id,
            outcome,
            summary,
            findings,
            followUps,
            questions,
            token,
            requestId,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var report = new RunReport(
                    RunNames.State(parsed.GetValue(outcome))!.Value,
                    parsed.GetValue(summary)!,
                    parsed.GetValue(findings) ?? [],
                    parsed.GetValue(followUps) ?? [],
                    parsed.GetValue(questions) ?? []
                );
                var run = await session.Workspace.Runs.CompleteAsync(
                    await session.Workspace.Runs.ResolveAsync(parsed.GetValue(id)!, cancellationToken),
                    report,
                    RunCaller.OfEnvironment(),
                    parsed.GetValue(token),
                    parsed.GetValue(requestId),
                    cancellationToken
                );
                session.Output.WriteLine($"Run {run.Id} is {run.State.Name()}.");
                return ExitCode.Ok;
            }
        );
    }

    public static Command Answer()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run; 'runs show' prints its questions." };
        var answers = new Argument<string[]>("ANSWER")
        {
            Arity = ArgumentArity.OneOrMore,
            Description = "One answer for each question, in their order.",
        };
        return new Command("answer", "Answer the questions of a run that needs input; it goes on with them.") { id, answers }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runId = await session.Workspace.Runs.ResolveAsync(parsed.GetValue(id)!, cancellationToken);
                var run = await session.Workspace.Runs.AnswerAsync(runId, parsed.GetValue(answers) ?? [], cancellationToken);
                session.Output.WriteLine($"Run {run.Id} is {run.State.Name()}.");
                await RunText.WriteNextAsync(session, run, cancellationToken);
                return ExitCode.Ok;
            }
        );
    }

    private static Option<string[]> Many(string name, string description) =>
        new(name)
        {
            HelpName = "TEXT",
            Description = description + " May be repeated.",
            Arity = ArgumentArity.ZeroOrMore,
        };
}
