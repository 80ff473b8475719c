using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>get_run</c>: everything about one run. Moments are UTC.</summary>
internal sealed record RunDetailResult
{
    /// <summary>How much of the end of an output is shown.</summary>
    public const int TailBytes = 4000;

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

    /// <summary>True for a success of which its agent made no report: only its program says so.</summary>
    public bool? NoReport { get; init; }

    /// <summary>Why it waits; left out for one that does not.</summary>
    public string? WhyNot { get; init; }

    /// <summary>What shows that it did something, once it has ended.</summary>
    public EvidenceResult? Evidence { get; init; }

    public string? ScheduleId { get; init; }

    /// <summary>
    /// By what it was started: request, schedule (a due moment), trigger (a schedule, by hand), run or cycle; left out where that is not
    /// known.
    /// </summary>
    public string? Origin { get; init; }

    /// <summary>The due moment that it was started for.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>True when it makes up for a due moment that nothing could fire at its time; left out otherwise.</summary>
    public bool? CatchUp { get; init; }

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

    /// <summary>
    /// True when how it ended is known from files alone, because the state database was damaged and made anew from them; left out
    /// otherwise. It passes no gate and is evidence for nothing.
    /// </summary>
    public bool? Unverified { get; init; }

    /// <summary>Its closing row or memory entry could not be written yet, and will be.</summary>
    public required bool FinalizationPending { get; init; }

    /// <summary>What its agent was told.</summary>
    public string? Brief { get; init; }

    /// <summary>What a person answered to the questions.</summary>
    public IReadOnlyList<string>? Answers { get; init; }

    /// <summary>Its attempts so far; left out as long as there is one at the most.</summary>
    public IReadOnlyList<AttemptResult>? Attempts { get; init; }

    /// <summary>What was decided about it and why.</summary>
    public IReadOnlyList<DecisionResult>? Decisions { get; init; }

    /// <summary>The runs that it asked for, and theirs.</summary>
    public IReadOnlyList<SubRunResult>? SubRuns { get; init; }

    /// <summary>The end of what it has printed so far.</summary>
    public string? OutputTail { get; init; }

    /// <summary>What it printed since a cursor.</summary>
    public string? Output { get; init; }

    /// <summary>Goes on behind the output shown; left out when the run has ended and all of it was shown.</summary>
    public string? NextCursor { get; init; }

    /// <summary>The file with its whole output, relative to the workspace.</summary>
    public string? OutputFile { get; init; }

    /// <summary>What to do next.</summary>
    public string? Next { get; init; }

    public static RunDetailResult From(Run run) =>
        new()
        {
            RunId = run.Id,
            State = run.State.Name(),
            NoReport = run.HasNoReport ? true : null,
            Mode = run.Mode,
            Agent = run.AgentName(),
            AgentKind = run.AgentKindName(),
            Task = run.Task,
            Priority = run.Priority.Name(),
            Reason = run.Reason,
            ScheduleId = run.ScheduleId,
            Origin = run.Origin?.Name(),
            ScheduledFor = run.ScheduledFor,
            CatchUp = run.IsCatchUp ? true : null,
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
            Unverified = run.IsUnverified ? true : null,
            FinalizationPending = run.StopRowPending || run.MemoryPending,
            Answers = run.Answers.Count == 0 ? null : run.Answers,
            Next = RunResult.NextStep(run),
        };

    /// <summary>A run with all that is known of it.</summary>
    public static async Task<RunDetailResult> ReadAsync(Workspace workspace, Run run, CancellationToken cancellationToken)
    {
        var tail = workspace.Runs.OutputTail(run, TailBytes);
        var owner = (run.Kind == RunKind.Cycle ? run.Id : run.CycleId) is { } id
            ? await workspace.Cycles.FindAsync(id, cancellationToken)
            : null;
        var cycle = run.Kind == RunKind.Cycle ? owner : null;
        return From(run) with
        {
            OutputTail = tail?.Text ?? cycle?.FailedCommand?.Output,
            NextCursor = Cursor(run, tail),
            WhyNot = await workspace.Status.WhyNotAsync(run, cancellationToken) is { } why ? ToolNames.Plain(why.Text) : null,
            Evidence = EvidenceResult.From(RunEvidence.Of(run, owner)),
            Brief = workspace.Runs.Brief(run),
            Attempts = await workspace.Runs.AttemptsAsync(run.Id, cancellationToken) is { Count: > 1 } attempts
                ? [.. attempts.Select(AttemptResult.From)]
                : null,
            Decisions =
            [
                .. (await workspace.Runs.DecisionsAsync(run.Id, cancellationToken)).Select(static decision => new DecisionResult(
                    decision.At,
                    decision.Text
                )),
            ],
            SubRuns = await workspace.Runs.SubRunsAsync(run.Id, cancellationToken) is { Count: > 0 } subRuns
                ? [.. subRuns.Select(SubRunResult.From)]
                : null,
            OutputFile =
                tail is not null ? workspace.Paths.Display(workspace.Runs.OutputFile(run))
                : cycle?.FailedCommand is { } failed && workspace.Cycles.OutputFile(cycle, failed) is { } file
                    ? workspace.Paths.Display(file)
                : null,
        };
    }

    /// <summary>Where the output goes on behind a part; nowhere when the run has ended and the part was its last.</summary>
    public static string? Cursor(Run run, OutputPart? part) =>
        part is { IsLast: true } || (part is null && run.State.HasEnded())
            ? null
            : (part?.Next ?? new OutputPosition(Math.Max(1, run.Attempt), 0)).ToString();
}
