using System.ComponentModel;
using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A run as tools show it.</summary>
internal sealed record RunResult
{
    [Description("The run's id; give it to get_run, cancel_run, complete_run.")]
    public required string RunId { get; init; }

    [Description("queued, running, succeeded, failed, timed_out, cancelled, interrupted or needs_input.")]
    public required string State { get; init; }

    [Description("Why it is in this state.")]
    public string? Reason { get; init; }

    [Description("The mode's slug.")]
    public required string Mode { get; init; }

    [Description("The agent's name; handoff means that the caller does the work.")]
    public required string Agent { get; init; }

    [Description("handoff, command or cli.")]
    public required string AgentKind { get; init; }

    [Description("What is to be done.")]
    public required string Task { get; init; }

    [Description("schedule, todo or normal.")]
    public required string Priority { get; init; }

    [Description("The schedule that it belongs to.")]
    public string? ScheduleId { get; init; }

    [Description("The run that asked for it.")]
    public string? ParentRunId { get; init; }

    [Description("How often it was started.")]
    public required int Attempt { get; init; }

    [Description("Its time limit in seconds from its start.")]
    public required int TimeoutSeconds { get; init; }

    [Description("When it was asked for (UTC).")]
    public required DateTimeOffset CreatedAt { get; init; }

    [Description("When work on it began (UTC).")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When it will be ended at the latest (UTC).")]
    public DateTimeOffset? DeadlineAt { get; init; }

    [Description("When it ended (UTC).")]
    public DateTimeOffset? EndedAt { get; init; }

    [Description("What was done: its agent's report or final message, else the end of its output.")]
    public string? Summary { get; init; }

    [Description("What its agent found out.")]
    public IReadOnlyList<string> Findings { get; init; } = [];

    [Description("Work that its agent saw and did not do.")]
    public IReadOnlyList<string> FollowUps { get; init; } = [];

    [Description("What a person has to answer.")]
    public IReadOnlyList<string> Questions { get; init; } = [];

    [Description("The program's exit code.")]
    public int? ExitCode { get; init; }

    [Description("Its cost in US dollars, where its agent says so.")]
    public double? CostUsd { get; init; }

    [Description("Its closing row or memory entry could not be written yet, and will be.")]
    public bool FinalizationPending { get; init; }

    [Description("For a hand-off: the whole brief. Do what it says, then call complete_run.")]
    public string? Brief { get; init; }

    [Description("What to do next.")]
    public string? Next { get; init; }

    public static RunResult From(Run run, string? brief = null) => new()
    {
        RunId = run.Id,
        State = run.State.Name(),
        Reason = run.Reason,
        Mode = run.Mode,
        Agent = run.Agent,
        AgentKind = run.AgentKind.Name(),
        Task = run.Task,
        Priority = run.Priority.Name(),
        ScheduleId = run.ScheduleId,
        ParentRunId = run.ParentRunId,
        Attempt = run.Attempt,
        TimeoutSeconds = run.TimeoutSeconds,
        CreatedAt = run.CreatedAt,
        StartedAt = run.StartedAt,
        DeadlineAt = run.DeadlineAt,
        EndedAt = run.EndedAt,
        Summary = run.Summary,
        Findings = run.Findings,
        FollowUps = run.FollowUps,
        Questions = run.Questions,
        ExitCode = run.ExitCode,
        CostUsd = run.CostUsd,
        FinalizationPending = run.StopRowPending || run.MemoryPending,
        Brief = brief,
        Next = NextStep(run),
    };

    private static string? NextStep(Run run) => run switch
    {
        { State: RunState.Running, AgentKind: Core.Agents.AgentKind.Handoff } => $"Do the work of the brief, then call complete_run with run_id \"{run.Id}\".",
        { State: RunState.Queued, AgentKind: Core.Agents.AgentKind.Handoff } => $"Take it with claim_run (run_id \"{run.Id}\").",
        { State: RunState.Queued or RunState.Running } => $"It goes on by itself. Look again with get_run (run_id \"{run.Id}\"; wait_seconds waits for its end).",
        _ => null,
    };
}
