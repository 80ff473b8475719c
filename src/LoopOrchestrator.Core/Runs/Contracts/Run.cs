using LoopOrchestrator.Core.Agents.Contracts;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>One piece of work in one mode, as the store holds it. A snapshot: it does not change when the run goes on.</summary>
public sealed record Run
{
    /// <summary>The run's id; also the task id of its rows in <c>task_timing.tsv</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The mode's slug.</summary>
    public required string Mode { get; init; }

    /// <summary>What is to be done.</summary>
    public required string Task { get; init; }

    /// <summary>
    /// The agent's name in the configuration, or <c>handoff</c>; <see langword="null"/> for a cycle, whose steps have one each.
    /// </summary>
    public string? Agent { get; init; }

    /// <summary>What kind of agent that was when the run was created; <see langword="null"/> for a cycle.</summary>
    public AgentKind? AgentKind { get; init; }

    /// <summary>The workflow of a cycle, by its name; <see langword="null"/> for any other run.</summary>
    public string? Workflow { get; init; }

    /// <summary>What kind of work it is.</summary>
    public RunKind Kind =>
        Workflow is not null ? RunKind.Cycle
        : AgentKind == Agents.Contracts.AgentKind.Handoff ? RunKind.Handoff
        : RunKind.Agent;

    /// <summary>What the run was started for.</summary>
    public required RunPriority Priority { get; init; }

    /// <summary>The schedule that it belongs to, if any.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>
    /// The name of its schedule at the time when it was made: what is written of the run keeps to it, whatever the schedule is called by
    /// then. <see langword="null"/> for a run of no schedule, and for one that was made before this was kept.
    /// </summary>
    public string? Title { get; init; }

    /// <summary>
    /// By what it was started; <see langword="null"/> where that is not known any more: it was made before this was kept, or is known from
    /// its folder alone.
    /// </summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>The due moment of its schedule that it was started for; of several that share it, the last.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }

    /// <summary>
    /// Whether it makes up for a due moment that nothing could fire at its time, by the schedule's <c>misfire</c>. One that waited for the
    /// end of the run before it, or for its check, makes up for nothing.
    /// </summary>
    public bool IsCatchUp { get; init; }

    /// <summary>The run that asked for it, if any.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The cycle that it is a step of, if any; that is its parent then.</summary>
    public string? CycleId { get; init; }

    /// <summary>How many ancestors it has: 0 for a run that nobody's run asked for.</summary>
    public int Depth { get; init; }

    /// <summary>Where it stands.</summary>
    public required RunState State { get; init; }

    /// <summary>Why it stands there, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>How often it was started: the number of its latest attempt, 0 before the first.</summary>
    public int Attempt { get; init; }

    /// <summary>
    /// How many of its attempts count against <see cref="RunLimits.MaxAttempts"/>: those that failed, and those whose lease expired.
    /// </summary>
    public int Tries { get; init; }

    /// <summary>
    /// Before this moment a queued run is not started: the pause before a further attempt, or the reset of a usage limit.
    /// </summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>What kind of failure its latest attempt ended with, if it failed.</summary>
    public RunFailure? Failure { get; init; }

    /// <summary>The time limit of each attempt, from its start, in seconds.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>
    /// US dollars that each attempt may cost, where that is less than <see cref="RunBudget.CostPerRunUsd"/>: its part of its parent's
    /// budget.
    /// </summary>
    public double? CostLimitUsd { get; init; }

    /// <summary>Tokens that each attempt may take, as above.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When work on it began: the start of its first attempt.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its latest attempt began.</summary>
    public DateTimeOffset? AttemptStartedAt { get; init; }

    /// <summary>When its attempt will be ended at the latest.</summary>
    public DateTimeOffset? DeadlineAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The process that started it (see <c>ProcessIdentity</c>), for recovery after a crash.</summary>
    public string? Executor { get; init; }

    /// <summary>Why somebody asked for its end; set as soon as that was asked.</summary>
    public string? CancelReason { get; init; }

    /// <summary>What its agent reported through <c>complete_run</c>; it beats the exit code.</summary>
    public RunState? ReportedOutcome { get; init; }

    /// <summary>What was done, by its agent's report, its final message, or the end of its output.</summary>
    public string? Summary { get; init; }

    /// <summary>What its agent found out that others should know.</summary>
    public IReadOnlyList<string> Findings { get; init; } = [];

    /// <summary>Work that its agent saw but did not do.</summary>
    public IReadOnlyList<string> FollowUps { get; init; } = [];

    /// <summary>What its agent needs to know before it can go on.</summary>
    public IReadOnlyList<string> Questions { get; init; } = [];

    /// <summary>What a person answered to its questions, in their order; its agent gets them with the next attempt.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>
    /// What the holder of its attempt shows with a report; another one for every attempt, so that a late report is told apart. Only in the
    /// answer that gives the run to its holder: the store knows a hash of it.
    /// </summary>
    public string? LeaseToken { get; init; }

    /// <summary>Who holds its attempt. Of a running hand-off or agent without one, version 0.1.0 had begun the attempt.</summary>
    public RunLease? Lease { get; init; }

    /// <summary>Since when the holder of its latest attempt is gone, when it waits again for that.</summary>
    public DateTimeOffset? HolderGoneSince { get; init; }

    /// <summary>How many of its holders were lost.</summary>
    public int LostLeases { get; init; }

    /// <summary>The exit code of its program, once it ended by itself.</summary>
    public int? ExitCode { get; init; }

    /// <summary>What all of its attempts cost in US dollars, where its agent says so.</summary>
    public double? CostUsd { get; init; }

    /// <summary>The tokens that all of its attempts took, where its agent says so.</summary>
    public AgentTokens? Tokens { get; init; }

    /// <summary>Its agent's session, with which the agent's own program resumes it.</summary>
    public string? SessionId { get; init; }

    /// <summary>The limit of usage that kept its agent from doing it; not there for a run that succeeded.</summary>
    public AgentUsageLimit? UsageLimit { get; init; }

    /// <summary>The tools that its agent wanted and was not allowed to use, each once.</summary>
    public IReadOnlyList<string> DeniedPermissions { get; init; } = [];

    /// <summary>
    /// How it ended is known from files alone, which anybody who works here can write: the database was made anew from them after it was
    /// damaged. Such a success passes no gate and counts as evidence for nothing. A further attempt is seen by us again.
    /// </summary>
    public bool IsUnverified { get; init; }

    /// <summary>It has ended, and its closing row could not be written yet; it will be.</summary>
    public bool StopRowPending { get; init; }

    /// <summary>It has ended, and its memory entry could not be written yet; it will be.</summary>
    public bool MemoryPending { get; init; }

    /// <summary>
    /// Whether it is a success that only its program's events or exit code tell of: its agent never called <c>complete_run</c>. Says
    /// nothing of a command, which has no report to make.
    /// </summary>
    public bool HasNoReport => State == RunState.Succeeded && AgentKind == Agents.Contracts.AgentKind.Cli && ReportedOutcome is null;
}
