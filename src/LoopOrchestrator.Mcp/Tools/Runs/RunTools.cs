using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The tools about runs.</summary>
[McpServerToolType]
internal sealed class RunTools(Workspace workspace, RunCallers callers)
{
    private const int PartBytes = 16_000;

    [McpMeta(ToolMeta.AlwaysLoad, true)]
    [McpServerTool(
        Name = "run_mode",
        Title = "Run a task in a mode",
        ReadOnly = false,
        Destructive = true,
        Idempotent = false,
        OpenWorld = true,
        UseStructuredContent = true
    )]
    [Description(
        "Starts work in a mode and returns the run. With agent 'handoff' (the default where nothing is configured) you do "
            + "the work: the answer holds the brief; do it and report with complete_run. Any other agent works by itself: see "
            + "get_run. list_modes shows the modes."
    )]
    public async Task<RunResult> RunModeAsync(
        [Description("Slug, such as implementation-core."), StringLength(100, MinimumLength = 1)] string mode,
        [Description("Goal, constraints, and how one knows that it is done."), StringLength(RunRequest.MaxTaskLength, MinimumLength = 1)]
            string task,
        RequestContext<CallToolRequestParams> context,
        [Description("If not the mode's own; 'handoff': you do the work."), StringLength(100)] string? agent = null,
        [Description("normal by default; schedule goes first."), AllowedValues("schedule", "todo", "normal", null)] string? priority = null,
        [Description("Time limit; 3600 by default."), Range(1, 86400)] int? timeout_seconds = null,
        [Description("Wait so long for its end."), Range(0, RunService.MaxWaitSeconds)] int wait_seconds = 0,
        [Description("The run that this is part of; by default LOOP_RUN_ID."), StringLength(64)] string? parent_run_id = null,
        [Description("Why todo needs more than 3600 s."), StringLength(500)] string? timeout_exemption = null,
        [Description(RequestIdText.OfRun), StringLength(RequestKey.MaxLength)] string? request_id = null,
        CancellationToken cancellationToken = default
    )
    {
        var inherited = Environment.GetEnvironmentVariable(RunEnvironment.RunId);
        var run = await workspace.Runs.RequestAsync(
            new RunRequest(mode, task)
            {
                Agent = agent,
                Priority = RunNames.Priority(priority) ?? RunPriority.Normal,
                TimeoutSeconds = timeout_seconds,
                TimeoutExemption = timeout_exemption,
                ParentRunId = parent_run_id ?? (string.IsNullOrEmpty(inherited) ? null : inherited),
                Caller = callers.Of(context.Server),
                RequestId = request_id,
            },
            cancellationToken
        );
        run = await WaitAsync(context, run, wait_seconds, cancellationToken);
        return run is { Kind: RunKind.Handoff, State: RunState.Running, LeaseToken: not null }
            ? RunResult.Taken(run, workspace.Runs.LeaseSeconds, workspace.Runs.Brief(run))
            : RunResult.From(run);
    }

    [McpMeta(ToolMeta.MaxResultSize, ToolMeta.LongResult)]
    [McpServerTool(
        Name = "get_run",
        Title = "Look at a run",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Shows one run: state, brief, report, decisions, sub-runs, end of its output. With cursor: state and what it printed since."
    )]
    public async Task<RunDetailResult> GetRunAsync(
        [Description("The run's id."), StringLength(64, MinimumLength = 1)] string run_id,
        RequestContext<CallToolRequestParams> context,
        [Description("Wait so long for its end, or with cursor for output."), Range(0, RunService.MaxWaitSeconds)] int wait_seconds = 0,
        [Description("An earlier next_cursor, or 0."), StringLength(40)] string? cursor = null,
        [Description("Keeps your hand-off yours."), StringLength(64)] string? lease_token = null,
        CancellationToken cancellationToken = default
    )
    {
        await workspace.Runs.BeatAsync(run_id, callers.Of(context.Server), lease_token, cancellationToken);
        var run = await workspace.Runs.GetAsync(run_id, cancellationToken);
        if (cursor is not null)
        {
            var from =
                cursor == "0"
                    ? OutputPosition.Start
                    : OutputPosition.Parse(cursor)
                        ?? throw new UserErrorException(
                            $"cursor '{cursor}' is not one of get_run. Give next_cursor of an earlier answer, or 0 for "
                                + "the start of the output."
                        );
            run = await workspace.Runs.WaitForOutputAsync(run.Id, from, wait_seconds, cancellationToken);
            var part = workspace.Runs.Output(run, from, PartBytes);
            return RunDetailResult.From(run) with
            {
                Task = RunTitle.Of(run.Task),
                Output = part.Text,
                NextCursor = RunDetailResult.Cursor(run, part),
            };
        }

        run = await WaitAsync(context, run, wait_seconds, cancellationToken);
        return await RunDetailResult.ReadAsync(workspace, run, cancellationToken);
    }

    [McpServerTool(
        Name = "list_runs",
        Title = "List runs",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Lists runs, newest first.")]
    public async Task<RunListResult> ListRunsAsync(
        [
            Description("Only in this state."),
            AllowedValues("queued", "running", "succeeded", "failed", "timed_out", "cancelled", "interrupted", "needs_input", null)
        ]
            string? state = null,
        [Description("Only of this schedule."), StringLength(200)] string? schedule_id = null,
        [Description("At most."), Range(1, 200)] int limit = 20,
        [Description("An earlier next_cursor."), StringLength(100)] string? cursor = null,
        CancellationToken cancellationToken = default
    )
    {
        var runs = await workspace.Runs.ListAsync(
            new RunFilter
            {
                State = RunNames.State(state),
                ScheduleId = schedule_id,
                Limit = limit + 1,
                Before = PageCursor.Read(cursor, ToolNames.ListRuns),
            },
            cancellationToken
        );
        return RunListResult.From(
            runs,
            limit,
            await workspace.Status.WithoutEvidenceAsync(runs, cancellationToken),
            AnswerLimits.PageBytes
        );
    }

    [McpServerTool(
        Name = "cancel_run",
        Title = "Cancel a run",
        ReadOnly = false,
        Destructive = true,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description("Ends a run, its sub-runs and all their processes, or takes it out of the queue; get_run shows the end.")]
    public async Task<RunStateResult> CancelRunAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("The run's id."), StringLength(64, MinimumLength = 1)] string run_id,
        [Description("Why."), StringLength(1000)] string? reason = null,
        [Description(CallConfirmation.Argument)] bool confirm = false,
        CancellationToken cancellationToken = default
    )
    {
        // What waits, and a hand-off, can be asked for again at no loss.
        if (await workspace.Runs.GetAsync(run_id, cancellationToken) is { State: RunState.Running, Kind: not RunKind.Handoff } run)
        {
            await CallConfirmation.AskAsync(
                context,
                confirm,
                $"End run {run.Id} ({run.Mode}: {RunTitle.Of(run.Task)})? Its programs are ended at once; what they have changed stays.",
                cancellationToken
            );
        }

        return RunStateResult.From(
            await workspace.Runs.CancelAsync(
                run_id,
                string.IsNullOrWhiteSpace(reason) ? "cancelled by a caller" : reason,
                cancellationToken
            )
        );
    }

    [McpMeta(ToolMeta.AlwaysLoad, true)]
    [McpServerTool(
        Name = "claim_run",
        Title = "Take a waiting hand-off",
        ReadOnly = false,
        Destructive = false,
        Idempotent = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Takes a waiting hand-off with its whole brief. It is yours under a lease: call get_run within every lease_seconds, and "
            + "report with complete_run, both with the lease_token."
    )]
    public async Task<ClaimResult> ClaimRunAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("A certain run."), StringLength(64)] string? run_id = null,
        [Description("Only in this mode."), StringLength(100)] string? mode = null,
        [Description("Wait so long for one."), Range(0, RunService.MaxClaimWaitSeconds)] int wait_seconds = 0,
        CancellationToken cancellationToken = default
    )
    {
        var caller = callers.Of(context.Server);
        var run = await workspace.Runs.ClaimAsync(run_id, mode, caller, cancellationToken);
        var step = 0;
        for (var waited = 0; run is null && waited < wait_seconds; waited += step)
        {
            await CallProgress.ReportAsync(context, waited, wait_seconds, "no hand-off waits yet", cancellationToken);
            step = Math.Min(CallProgress.EverySeconds, wait_seconds - waited);
            run = await workspace.Runs.ClaimAsync(run_id, mode, caller, TimeSpan.FromSeconds(step), cancellationToken);
        }

        return ClaimResult.From(workspace.Runs, run, wait_seconds);
    }

    [McpMeta(ToolMeta.AlwaysLoad, true)]
    [McpServerTool(
        Name = "complete_run",
        Title = "Report a run",
        ReadOnly = false,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Reports the outcome of a run that you work on; only its agent or holder can. It beats the exit code. A hand-off ends "
            + "with it, a run with a program when that ends. Findings go into persistent-memory.md."
    )]
    public async Task<RunStateResult> CompleteRunAsync(
        McpServer server,
        [Description("needs_input: a person must answer questions first."), AllowedValues("succeeded", "failed", "needs_input")]
            string outcome,
        [Description("What was done and the evidence for it, or why not."), StringLength(16384, MinimumLength = 1)] string summary,
        [Description("From its brief; only an agent program's own server needs none."), StringLength(64, MinimumLength = 1)]
            string? run_id = null,
        [Description("What others need to know later, one each.")] IReadOnlyList<string>? findings = null,
        [Description("Work seen and not done, one each.")] IReadOnlyList<string>? follow_ups = null,
        [Description("What a person has to answer, with needs_input.")] IReadOnlyList<string>? questions = null,
        [Description("From claim_run; or run_mode, when you call from elsewhere or without a session."), StringLength(64)]
            string? lease_token = null,
        [Description(RequestIdText.Short), StringLength(RequestKey.MaxLength)] string? request_id = null,
        CancellationToken cancellationToken = default
    )
    {
        var state = RunNames.State(outcome)
            ?? throw new UserErrorException($"outcome is '{outcome}' and must be succeeded, failed or needs_input.");
        var report = new RunReport(state, summary, findings ?? [], follow_ups ?? [], questions ?? []);
        return RunStateResult.From(
            await workspace.Runs.CompleteAsync(run_id, report, callers.Of(server), lease_token, request_id, cancellationToken)
        );
    }

    [McpServerTool(
        Name = "answer_run",
        Title = "Answer a run",
        ReadOnly = false,
        Destructive = false,
        Idempotent = false,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Answers the questions of a run in needs_input, which then goes on. Answers are a person's to give: without them your "
            + "client asks, if it can."
    )]
    public async Task<RunStateResult> AnswerRunAsync(
        RequestContext<CallToolRequestParams> context,
        [Description("The run's id."), StringLength(64, MinimumLength = 1)] string run_id,
        [Description("One for each question, in order.")] IReadOnlyList<string>? answers = null,
        CancellationToken cancellationToken = default
    )
    {
        if (answers is null && await workspace.Runs.GetAsync(run_id, cancellationToken) is { State: RunState.NeedsInput } run)
        {
            answers = await QuestionForm.AskAsync(context, run, cancellationToken);
        }

        return RunStateResult.From(await workspace.Runs.AnswerAsync(run_id, answers ?? [], cancellationToken));
    }

    private async Task<Run> WaitAsync(
        RequestContext<CallToolRequestParams> context,
        Run run,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var step = 0;
        for (var waited = 0; waited < seconds && !run.State.HasEnded() && run.Kind != RunKind.Handoff; waited += step)
        {
            await CallProgress.ReportAsync(context, waited, seconds, $"run {run.Id} is {run.State.Name()}", cancellationToken);
            step = Math.Min(CallProgress.EverySeconds, seconds - waited);
            run = await workspace.Runs.WaitAsync(run.Id, step, cancellationToken);
        }

        return run;
    }
}
