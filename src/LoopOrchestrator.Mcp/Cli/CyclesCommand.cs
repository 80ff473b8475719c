using System.CommandLine;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Cli.Commands;
using LoopOrchestrator.Mcp.Cli.Output;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Cycles;
using LoopOrchestrator.Mcp.Tools.Runs;

namespace LoopOrchestrator.Mcp.Cli;

/// <summary><c>cycles</c>: starts cycles of workflows, tells their story, ends them, takes back what they changed.</summary>
internal static class CyclesCommand
{
    private const int MaxListed = 100;

    public static Command Create() =>
        new("cycles", "Look at cycles of workflows, start and end them, and take back what they changed.")
        {
            List(),
            Show(),
            Start(),
            Cancel(),
            Rollback(),
        };

    private static Command List()
    {
        var schedule = new Option<string?>("--schedule") { HelpName = "ID", Description = "Only cycles of this schedule." };
        var limit = WorkspaceCommand.Number("--limit", "N", "How many at the most.", 1, MaxListed, 20);
        var cursor = WorkspaceCommand.Cursor();
        var json = WorkspaceCommand.Json("list_cycles");
        return new Command("list", "List cycles that have begun, newest first, with what each came to.")
        {
            schedule,
            limit,
            cursor,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var most = parsed.GetValue(limit);
                var cycles = await session.Workspace.Cycles.ListAsync(
                    new RunFilter
                    {
                        ScheduleId = parsed.GetValue(schedule),
                        Limit = most + 1,
                        Before = PageCursor.Read(parsed.GetValue(cursor), ToolNames.ListCycles),
                    },
                    cancellationToken
                );
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(CycleListResult.From(cycles, most), ReadableJson.Tools.CycleListResult);
                }

                var table = new TextTable(
                    Column.Ids("CYCLE"),
                    Column.States("STATE"),
                    "WORKFLOW",
                    "STAGE",
                    "REWORKS",
                    "FILES",
                    "COMMITS",
                    Column.Whole("BEGUN"),
                    "TASK"
                );
                foreach (var cycle in cycles.Take(most))
                {
                    var row = CycleRow.From(cycle);
                    table.Add(
                        row.CycleId,
                        cycle.HeldReason is null ? row.State : "held",
                        row.Workflow,
                        row.Stage,
                        row.Reworks.ToString(),
                        row.HasEffect is null && row.EndedAt is not null ? "not known" : row.FilesChanged.ToString(),
                        row.Commits.ToString(),
                        session.Moment(cycle.Run.StartedAt),
                        ReadableText.Short(row.Title)
                    );
                }

                if (table.Count == 0)
                {
                    session.Output.WriteLine(
                        "No cycle has begun. A schedule with mode orchestrator or a workflow starts one; so does: "
                            + "loop-orchestrator cycles start TASK"
                    );
                    return ExitCode.Ok;
                }

                table.Write(session.Output);
                if (cycles.Count > table.Count)
                {
                    session.WriteMore(table.Count, MaxListed, "--schedule narrows it");
                }

                return ExitCode.Ok;
            }
        );
    }

    private static Command Show()
    {
        var id = new Argument<string>("CYCLE_ID") { Description = "The cycle; a part of its id, or 'last'." };
        var json = WorkspaceCommand.Json("get_cycle");
        return new Command(
            "show",
            "Tell the story of one cycle: its stages, what each step and gate came to, what changed, and every decision in order."
        )
        {
            id,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var cycleId = await session.CycleIdAsync(parsed.GetValue(id)!, cancellationToken);
                var cycle = await CycleTools.FindAsync(session.Workspace, cycleId, cancellationToken);
                var decisions = await session.Workspace.Runs.DecisionsAsync(cycle.Run.Id, cancellationToken);
                if (parsed.GetValue(json))
                {
                    return session.WriteJson(CycleResult.From(session.Workspace, cycle, decisions), ReadableJson.Tools.CycleResult);
                }

                CycleText.Write(session, cycle, decisions);
                return ExitCode.Ok;
            }
        );
    }

    private static Command Start()
    {
        var task = new Argument<string>("TASK") { Description = "What the cycle is for." };
        var workflow = new Option<string>("--workflow")
        {
            HelpName = "NAME",
            Description = "The workflow.",
            DefaultValueFactory = _ => WorkflowDefinition.DefaultName,
        };
        var wait = WorkspaceCommand.Number(
            "--wait",
            "SECONDS",
            "Wait for its end, at most so long. A server has to run meanwhile.",
            0,
            86_400,
            0
        );
        var requestId = WorkspaceCommand.RequestId();
        var json = WorkspaceCommand.Json("run_mode");
        return new Command("start", "Ask for a cycle. A running server carries it out.")
        {
            task,
            workflow,
            wait,
            requestId,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var run = await session.Workspace.Runs.RequestAsync(
                    new RunRequest("orchestrator", parsed.GetValue(task)!)
                    {
                        Workflow = parsed.GetValue(workflow),
                        RequestId = parsed.GetValue(requestId),
                    },
                    cancellationToken
                );
                var asJson = parsed.GetValue(json);
                var talk = asJson ? session.Error : session.Output;
                await talk.WriteLineAsync($"Cycle {run.Id} is asked for. See: loop-orchestrator cycles show {run.Id}");
                var started = session.Workspace.Time.GetTimestamp();
                while (!run.State.HasEnded() && session.Workspace.Time.GetElapsedTime(started).TotalSeconds < parsed.GetValue(wait))
                {
                    run = await session.Workspace.Runs.WaitAsync(run.Id, 1, cancellationToken);
                }

                if (asJson)
                {
                    session.WriteJson(RunResult.From(run), ReadableJson.Tools.RunResult);
                }

                if (parsed.GetValue(wait) == 0)
                {
                    return ExitCode.Ok;
                }

                await talk.WriteLineAsync(
                    $"It is {run.State.Name()}{(run.Reason is null ? "" : $": {Configuration.SafeText.Escape(run.Reason)}")}."
                );
                return run.State == RunState.Succeeded ? ExitCode.Ok : ExitCode.RunNotSucceeded;
            },
            needsConfiguration: true
        );
    }

    private static Command Cancel()
    {
        var id = new Argument<string>("CYCLE_ID") { Description = "The cycle." };
        var reason = new Option<string>("--reason")
        {
            HelpName = "TEXT",
            Description = "Why; kept with the cycle.",
            DefaultValueFactory = _ => "cancelled by hand",
        };
        return new Command("cancel", "End a cycle: no further step begins, and what goes on is ended. What it changed stays.")
        {
            id,
            reason,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var cycleId = await session.CycleIdAsync(parsed.GetValue(id)!, cancellationToken);
                var run = await session.Workspace.Runs.GetAsync(cycleId, cancellationToken);
                if (run.Kind != RunKind.Cycle)
                {
                    throw new UserErrorException($"Run {run.Id} is no cycle. loop-orchestrator runs cancel ends a single run.");
                }

                run = await session.Workspace.Runs.CancelAsync(run.Id, parsed.GetValue(reason)!, cancellationToken);
                session.Output.WriteLine(
                    run.State.HasEnded()
                        ? $"Cycle {run.Id} is {run.State.Name()}."
                        : $"Cycle {run.Id} was told to end; a running server ends it. See: loop-orchestrator cycles show {run.Id}"
                );
                return ExitCode.Ok;
            }
        );
    }

    private static Command Rollback()
    {
        var id = new Argument<string>("ID") { Description = "A cycle, or the run of one of its steps." };
        var apply = new Option<bool>("--apply") { Description = "Do it. Without this, only the files are listed." };
        var skip = new Option<bool>("--skip-conflicts")
        {
            Description = "Roll back the other files although some have been changed since.",
        };
        var json = WorkspaceCommand.Json("rollback_run");
        return new Command("rollback", "Take back what a cycle or step changed in the files. Index, branches and commits stay as they are.")
        {
            id,
            apply,
            skip,
            json,
        }.OnWorkspace(
            async (session, parsed, cancellationToken) =>
            {
                var given = parsed.GetValue(id)!;

                // Without trust nothing is looked up: that is what has to be told.
                var runId = session.Workspace.Trust.IsTrusted ? await session.CycleIdAsync(given, cancellationToken) : given;
                var plan = await session.WhileAsync(
                    "Comparing files",
                    session.Workspace.Cycles.Rollback.PlanAsync(runId, cancellationToken)
                );
                if (!parsed.GetValue(apply))
                {
                    if (parsed.GetValue(json))
                    {
                        return session.WriteJson(RollbackRunResult.From(runId, plan), ReadableJson.Tools.RollbackRunResult);
                    }

                    CycleText.Write(session, plan.Items, plan.Commits, plan.NotCovered);
                    session.Output.WriteLine(
                        plan.ChangesAnything
                            ? $"Nothing was changed. --apply{(plan.Conflicts.Any() ? " --skip-conflicts" : "")} does it."
                            : RollbackRunResult.NextOf(plan)
                    );
                    return ExitCode.Ok;
                }

                var result = await session.WhileAsync(
                    "Rolling back",
                    session.Workspace.Cycles.Rollback.ApplyAsync(plan, parsed.GetValue(skip), cancellationToken)
                );
                if (parsed.GetValue(json))
                {
                    session.WriteJson(RollbackRunResult.From(runId, result), ReadableJson.Tools.RollbackRunResult);
                    return result.IsVerified ? ExitCode.Ok : ExitCode.Failed;
                }

                CycleText.Write(session, [.. result.Done, .. result.NotDone], result.Commits, result.NotCovered);
                session.Output.WriteLine(
                    result.Safety is null || (result.IsVerified && result.Done.Count == 0) ? RollbackRunResult.NothingDone(result)
                    : result.IsVerified
                        ? $"Done and verified: {result.Done.Count} file(s). How it was before is kept as checkpoint {result.Safety.Name}."
                    : $"{result.Failed.Count} file(s) are not as they should be. How it was before is kept as checkpoint "
                        + $"{result.Safety.Name}."
                );
                return result.IsVerified ? ExitCode.Ok : ExitCode.Failed;
            }
        );
    }
}
