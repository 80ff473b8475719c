using System.CommandLine;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Cli.Reports;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Runs;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>runs</c>: looks at runs, and ends them; see <see cref="HandOffCommands"/> for doing their work.</summary>
internal static class RunsCommand
{
    private const int MaxListed = 200;
    private const int MaxTailLines = 50;

    public static Command Create() =>
        new("runs", "Look at runs, end them, and do the work of hand-offs.")
        {
            List(),
            Show(),
            RunLogCommand.Create(),
            RunsExportCommand.Create(),
            RunLogCommand.Tail(),
            RunsSeenCommand.Create(),
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
        var limit = WorkspaceCommand.Number("--limit", "N", "How many at the most.", 1, MaxListed, 20);
        var cursor = WorkspaceCommand.Cursor();
        var json = WorkspaceCommand.Json("list_runs");
        return new Command("list", "List runs, newest first.") { state, schedule, limit, cursor, json }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var filter = new RunFilter
                {
                    State = RunNames.State(parsed.GetValue(state)),
                    ScheduleId = parsed.GetValue(schedule),
                    Limit = parsed.GetValue(limit) + 1,
                    Before = PageCursor.Read(parsed.GetValue(cursor), ToolNames.ListRuns),
                };
                var runs = await session.Workspace.Runs.ListAsync(filter, cancellationToken);
                var withoutEvidence = await session.Workspace.Status.WithoutEvidenceAsync(runs, cancellationToken);
                if (parsed.GetValue(json))
                {
                    var answer = RunListResult.From(runs, parsed.GetValue(limit), withoutEvidence);
                    return session.WriteJson(answer, ReadableJson.Tools.RunListResult);
                }

                var table = new TextTable(
                    Column.Ids("RUN"),
                    Column.States("STATE"),
                    "MODE",
                    "AGENT",
                    "BY",
                    Column.Whole("ASKED FOR"),
                    Column.Whole("TOOK"),
                    "TASK"
                );
                foreach (var run in runs.Take(parsed.GetValue(limit)))
                {
                    table.Add(
                        run.Id,
                        RunText.State(run, withoutEvidence.Contains(run.Id)),
                        run.Mode,
                        run.Kind == RunKind.Handoff ? "hand-off" : run.AgentName(),
                        RunText.By(run),
                        session.Moment(run.CreatedAt),
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
                if (runs.Count > table.Count)
                {
                    session.WriteMore(table.Count, MaxListed, "--state and --schedule narrow it");
                }

                foreach (var hold in await session.Workspace.Runs.HeldAgentsAsync(cancellationToken))
                {
                    session.Output.WriteWrapped($"Held back: {SafeText.Escape(hold.WhyHeld)}.", 2);
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Show()
    {
        var id = new Argument<string>("RUN_ID") { Description = "The run." };
        var brief = new Option<bool>("--brief") { Description = "Print what its agent was told, too." };
        var json = WorkspaceCommand.Json("get_run");
        return new Command("show", "Show one run: state, result, what was decided and why, and the end of its output.")
        {
            id,
            brief,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var runs = session.Workspace.Runs;
                var run = await session.RunAsync(parsed.GetValue(id)!, cancellationToken);
                if (parsed.GetValue(json))
                {
                    var answer = await RunDetailResult.ReadAsync(session.Workspace, run, cancellationToken);
                    return session.WriteJson(answer, ReadableJson.Tools.RunDetailResult);
                }

                await RunText.WriteAsync(session, run, cancellationToken);
                RunText.WriteAttempts(session, await runs.AttemptsAsync(run.Id, cancellationToken));
                session.Output.WriteLine("\nDecisions");
                foreach (var decision in await runs.DecisionsAsync(run.Id, cancellationToken))
                {
                    RunText.WriteDecision(session, decision);
                }

                RunText.WriteSubRuns(session, await runs.SubRunsAsync(run.Id, cancellationToken));
                if (parsed.GetValue(brief))
                {
                    RunText.WriteBlock(session, "Brief", runs.Brief(run) ?? "It has none before its start.");
                }

                RunText.WriteBlock(
                    session,
                    $"End of its output ({session.Workspace.Paths.Display(runs.OutputFile(run))})",
                    runs.OutputTail(run, RunDetailResult.TailBytes)?.Text
                );
                if (
                    run.Kind == RunKind.Cycle
                    && await session.Workspace.Cycles.FindAsync(run.Id, cancellationToken) is { FailedCommand: { } failed } cycle
                )
                {
                    session.Output.WriteLine($"\nEnd of the output of {failed.Kind.Name()} '{SafeText.Escape(failed.Name)}', which failed");
                    CycleText.WriteOutput(session, cycle, failed, MaxTailLines, "");
                }

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
                var runId = await session.Workspace.Runs.ResolveAsync(parsed.GetValue(id)!, cancellationToken);
                var run = await session.Workspace.Runs.CancelAsync(runId, parsed.GetValue(reason)!, cancellationToken);
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
