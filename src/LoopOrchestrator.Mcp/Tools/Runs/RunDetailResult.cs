using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>get_run</c>: everything about one run. Moments are UTC.</summary>
internal sealed record RunDetailResult
{
    public required string RunId { get; init; }

    /// <summary>queued, running, succeeded, failed, timed_out, cancelled, interrupted or needs_input.</summary>
    public required string State { get; init; }

    public required string Mode { get; init; }

    public required string Agent { get; init; }

    /// <summary>handoff, command or cli.</summary>
    public required string AgentKind { get; init; }

    public required string Task { get; init; }

    public required string Priority { get; init; }

    /// <summary>Why it is in this state.</summary>
    public string? Reason { get; init; }

    public string? ScheduleId { get; init; }

    public string? ParentRunId { get; init; }

    public required int Attempt { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? DeadlineAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its agent's report or final message, else the end of its output.</summary>
    public string? Summary { get; init; }

    public required IReadOnlyList<string> Findings { get; init; }

    public required IReadOnlyList<string> FollowUps { get; init; }

    public required IReadOnlyList<string> Questions { get; init; }

    public int? ExitCode { get; init; }

    public double? CostUsd { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    /// <summary>The part of the input tokens that came from a cache.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Its agent's session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The usage limit that stopped its agent.</summary>
    public string? UsageLimit { get; init; }

    public DateTimeOffset? UsageLimitUntil { get; init; }

    /// <summary>Tools that its agent was not allowed to use.</summary>
    public IReadOnlyList<string>? DeniedPermissions { get; init; }

    /// <summary>Its closing row or memory entry could not be written yet, and will be.</summary>
    public required bool FinalizationPending { get; init; }

    /// <summary>What its agent was told.</summary>
    public string? Brief { get; init; }

    /// <summary>What a person answered to the questions.</summary>
    public IReadOnlyList<string>? Answers { get; init; }

    /// <summary>Its attempts so far; left out as long as there is one at the most.</summary>
    public IReadOnlyList<AttemptResult>? Attempts { get; init; }

    /// <summary>What was decided about it and why.</summary>
    public required IReadOnlyList<DecisionResult> Decisions { get; init; }

    public string? OutputTail { get; init; }

    /// <summary>The file with its whole output, relative to the workspace.</summary>
    public string? OutputFile { get; init; }

    /// <summary>What to do next.</summary>
    public string? Next { get; init; }

    public static RunDetailResult From(Run run, string? brief, IReadOnlyList<RunDecision> decisions, IReadOnlyList<RunAttempt> attempts, string? outputTail, string? outputFile) => new()
    {
        RunId = run.Id,
        State = run.State.Name(),
        Mode = run.Mode,
        Agent = run.Agent,
        AgentKind = run.AgentKind.Name(),
        Task = run.Task,
        Priority = run.Priority.Name(),
        Reason = run.Reason,
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
        InputTokens = run.Tokens?.Input,
        OutputTokens = run.Tokens?.Output,
        CachedTokens = run.Tokens?.Cached,
        SessionId = run.SessionId,
        UsageLimit = run.UsageLimit?.Kind,
        UsageLimitUntil = run.UsageLimit?.ResetsAt,
        DeniedPermissions = run.DeniedPermissions.Count > 0 ? run.DeniedPermissions : null,
        FinalizationPending = run.StopRowPending || run.MemoryPending,
        Brief = brief,
        Answers = run.Answers.Count == 0 ? null : run.Answers,
        Attempts = attempts.Count < 2 ? null : attempts.Select(AttemptResult.From).ToList(),
        Decisions = decisions.Select(static decision => new DecisionResult(decision.At, decision.Text)).ToList(),
        OutputTail = outputTail,
        OutputFile = outputFile,
        Next = RunResult.NextStep(run),
    };
}
