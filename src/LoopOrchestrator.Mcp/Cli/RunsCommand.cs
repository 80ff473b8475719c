using System.CommandLine;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>runs</c>: looks at runs, and ends them; see <see cref="HandOffCommands"/> for doing their work.</summary>
internal static class RunsCommand
{
    private const int TailBytes = 4000;

    public static Command Create() =>
        new("runs", "Look at runs, end them, and do the work of hand-offs.")
        {
            List(),
            Show(),
            RunLogCommand.Create(),
            Cancel(),
            HandOffCommands.Claim(),
            HandOffCommands.Heartbeat(),
            HandOffCommands.Complete(),
            HandOffCommands.Answer(),
        };

    private static Command List()
    {
        var state = new Option<string?>("--state")
        {
            HelpName = "STATE",
            Description = "Only runs in this state: " + string.Join(", ", Enum.GetValues<RunState>().Select(RunNames.Name)) + ".",
        };
        state.AcceptOnlyFromAmong([.. Enum.GetValues<RunState>().Select(RunNames.Name)]);
        var schedule = new Option<string?>("--schedule") { HelpName = "ID", Description = "Only runs of this schedule." };
        var limit = WorkspaceCommand.Number("--limit", "N", "How many at the most.", 1, 200, 20);
        return new Command("list", "List runs, newest first.") { state, schedule, limit }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var filter = new RunFilter
                {
                    State = RunNames.State(parsed.GetValue(state)),
                    ScheduleId = parsed.GetValue(schedule),
                    Limit = parsed.GetValue(limit),
                };
                var table = new TextTable("RUN", "STATE", "MODE", "AGENT", "ASKED FOR", "TOOK", "TASK");
                foreach (var run in await session.Workspace.Runs.ListAsync(filter, cancellationToken))
                {
                    table.Add(
                        run.Id,
                        run.State.Name() + (run.HasNoReport ? " (no report)" : ""),
                        run.Mode,
                        run.Kind == RunKind.Handoff ? "hand-off" : run.AgentName(),
                        ReadableText.Moment(run.CreatedAt, session.Workspace.Time.LocalTimeZone),
                        run is { StartedAt: { } started, EndedAt: { } ended }
                            ? ReadableText.Duration((ended - started).TotalSeconds)
                            : null,
                        ReadableText.Short(RunTitle.Of(run.Task))
                    );
                }

                if (table.Count == 0)
                {
                    session.Output.WriteLine("There are no such runs.");
                    return ExitCode.Ok;
                }

                table.Write(session.Output);
                foreach (var hold in await session.Workspace.Runs.HeldAgentsAsync(cancellationToken))
                {
                    session.Output.WriteLine($"Held back: {SafeText.Escape(hold.WhyHeld)}.");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Show()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var brief = new Option<bool>("--brief") { Description = "Print what its agent was told, too." };
        return new Command("show", "Show one run: state, result, what was decided and why, and the end of its output.")
        {
            id,
            brief,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runs = session.Workspace.Runs;
                var run = await runs.GetAsync(parsed.GetValue(id)!, cancellationToken);
                RunText.Write(session, run);
                RunText.WriteAttempts(session, await runs.AttemptsAsync(run.Id, cancellationToken));
                session.Output.WriteLine("\nDecisions");
                foreach (var decision in await runs.DecisionsAsync(run.Id, cancellationToken))
                {
                    session.Output.WriteLine(
                        $"  {ReadableText.Moment(decision.At, session.Workspace.Time.LocalTimeZone)}  {SafeText.Escape(decision.Text)}"
                    );
                }

                RunText.WriteSubRuns(session, await runs.SubRunsAsync(run.Id, cancellationToken));
                if (parsed.GetValue(brief))
                {
                    RunText.WriteBlock(session, "Brief", runs.Brief(run) ?? "It has none before its start.");
                }

                RunText.WriteBlock(
                    session,
                    $"End of its output ({session.Workspace.Paths.Display(runs.OutputFile(run))})",
                    runs.OutputTail(run, TailBytes)?.Text
                );
                await RunText.WriteNextAsync(session, run, cancellationToken);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Cancel()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var reason = new Option<string>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why; kept with the run.",
            DefaultValueFactory = _ => "cancelled by hand",
        };
        return new Command("cancel", "End a run with all of its processes, or take it out of the queue.") { id, reason }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var run = await session.Workspace.Runs.CancelAsync(parsed.GetValue(id)!, parsed.GetValue(reason)!, cancellationToken);
                session.Output.WriteLine(
                    run.State.HasEnded()
                        ? $"Run {run.Id} is {run.State.Name()}."
                        : $"Run {run.Id} was told to end; its processes are gone within the kill grace. See: "
                            + $"loop-orchestrator runs show {run.Id}"
                );
                return ExitCode.Ok;
            }
        );
    }
}
