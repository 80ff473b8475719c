using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Tools.Calls;
using LoopOrchestrator.Mcp.Tools.Runs;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>The tools about cycles of workflows.</summary>
[McpServerToolType]
internal sealed class CycleTools(Workspace workspace)
{
    [McpMeta(ToolMeta.MaxResultSize, ToolMeta.LongResult)]
    [McpServerTool(
        Name = "get_cycle",
        Title = "Look at a cycle",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Shows one cycle of a workflow: its stage, every step, gate and sync command with outcome and changed files, "
            + "reworks, and its decisions in order. get_run shows a step's brief and output."
    )]
    public async Task<CycleResult> GetCycleAsync(
        [Description("The cycle's id; it is a run's id."), StringLength(64, MinimumLength = 1)] string cycle_id,
        CancellationToken cancellationToken = default
    )
    {
        var cycle = await FindAsync(workspace, cycle_id, cancellationToken);
        return CycleResult.From(workspace, cycle, await workspace.Runs.DecisionsAsync(cycle.Run.Id, cancellationToken));
    }

    [McpServerTool(
        Name = "list_cycles",
        Title = "List cycles",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Lists cycles of workflows that have begun, newest first, with what each came to: state, stage, reworks, changed files, commits."
    )]
    public async Task<CycleListResult> ListCyclesAsync(
        [
            Description("Only cycles in this state."),
            AllowedValues("running", "succeeded", "failed", "timed_out", "cancelled", "interrupted", null)
        ]
            string? state = null,
        [Description("Only cycles of this schedule."), StringLength(200)] string? schedule_id = null,
        [Description("How many at the most."), Range(1, 100)] int limit = 20,
        [Description("next_cursor of the page before."), StringLength(100)] string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        var cycles = await workspace.Cycles.ListAsync(
            new RunFilter
            {
                State = RunNames.State(state),
                ScheduleId = schedule_id,
                Limit = limit + 1,
                Before = PageCursor.Read(cursor, ToolNames.ListCycles),
            },
            cancellationToken
        );
        return CycleListResult.From(cycles, limit, AnswerLimits.PageBytes);
    }

    [McpServerTool(
        Name = "cancel_cycle",
        Title = "Cancel a cycle",
        ReadOnly = false,
        Destructive = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Ends a cycle: no further step begins, what goes on is ended within the kill grace, then the cycle is cancelled. "
            + "What its steps changed stays; rollback_run takes it back."
    )]
    public async Task<RunStateResult> CancelCycleAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("The cycle's id."), StringLength(64, MinimumLength = 1)] string cycle_id,
        [Description("Why; it is kept with the cycle."), StringLength(1000)] string? reason = null,
        [Description(CallConfirmation.Argument)] bool confirm = false,
        CancellationToken cancellationToken = default
    )
    {
        var run = await workspace.Runs.GetAsync(cycle_id, cancellationToken);
        if (run is { Kind: RunKind.Cycle, State: RunState.Running })
        {
            await CallConfirmation.AskAsync(
                context,
                confirm,
                $"End cycle {run.Id} ({RunTitle.Of(run.Task)})? The step that goes on is ended; what the cycle has changed stays.",
                cancellationToken
            );
        }

        return run.Kind == RunKind.Cycle
            ? RunStateResult.From(
                await workspace.Runs.CancelAsync(
                    cycle_id,
                    string.IsNullOrWhiteSpace(reason) ? "cancelled by a caller" : reason,
                    cancellationToken
                )
            )
            : throw new UserErrorException(
                $"Run {cycle_id} is no cycle. {ToolNames.CancelRun} ends a single run; {ToolNames.ListCycles} shows the cycles."
            );
    }

    [McpServerTool(
        Name = "rollback_run",
        Title = "Take back what a step or cycle changed",
        ReadOnly = false,
        Destructive = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Takes back what a cycle, or one step of it, changed in the workspace's files, by the checkpoints taken around "
            + "each step. By default a dry run that lists the files. "
            + "Only the work tree is changed: index, branches and commits stay. Files that somebody changed since are "
            + "conflicts and are left alone. The present is kept in a checkpoint first, and the result is verified."
    )]
    public async Task<RollbackRunResult> RollbackRunAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("The cycle's id, or the id of a step's run."), StringLength(64, MinimumLength = 1)] string run_id,
        [Description("Only list what would be done.")] bool dry_run = true,
        [Description("Roll back the other files although some have been changed since.")] bool skip_conflicts = false,
        [Description(CallConfirmation.Argument)] bool confirm = false,
        CancellationToken cancellationToken = default
    )
    {
        var plan = await workspace.Cycles.Rollback.PlanAsync(run_id, cancellationToken);
        if (dry_run)
        {
            return RollbackRunResult.From(run_id, plan);
        }

        // A plan that has conflicts, or nothing to do, changes nothing as it is.
        if (plan.ChangesAnything && (skip_conflicts || !plan.Conflicts.Any()))
        {
            var files = plan.Items.Count(static item => item.Action is RollbackAction.Restore or RollbackAction.Remove);
            await CallConfirmation.AskAsync(
                context,
                confirm,
                $"Take back what {run_id} changed in {files} files? They become what they were before it; the present is kept in a "
                    + "checkpoint first.",
                cancellationToken
            );
        }

        var result = await workspace.Cycles.Rollback.ApplyAsync(plan, skip_conflicts, cancellationToken);
        return RollbackRunResult.From(run_id, result);
    }

    internal static async Task<Cycle> FindAsync(Workspace workspace, string id, CancellationToken cancellationToken)
    {
        if (RunId.IsWellFormed(id) && await workspace.Cycles.FindAsync(id, cancellationToken) is { } cycle)
        {
            return cycle;
        }

        var run = await workspace.Runs.GetAsync(id, cancellationToken);
        throw new UserErrorException(
            run.Kind == RunKind.Cycle ? $"Cycle {id} is {run.State.Name()} and has not begun; {ToolNames.GetRun} shows why."
            : run.CycleId is { } above ? $"Run {id} is a step of cycle {above}; ask for that one."
            : $"Run {id} is no cycle; {ToolNames.GetRun} shows it. {ToolNames.ListCycles} shows the cycles."
        );
    }
}
