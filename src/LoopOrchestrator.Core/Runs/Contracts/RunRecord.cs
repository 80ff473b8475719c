namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>What a run is, in its folder from its start on: what the database is rebuilt from when it is damaged.</summary>
internal sealed record RunRecord
{
    public required string Mode { get; init; }

    public required string Task { get; init; }

    public required string Agent { get; init; }

    public required RecordedAgentKind AgentKind { get; init; }

    public required RunPriority Priority { get; init; }

    public string? ScheduleId { get; init; }

    /// <summary>The due moment that it was started for; none when it was triggered by hand.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public string? ParentRunId { get; init; }

    public string? CycleId { get; init; }

    public int Depth { get; init; }

    public int Attempt { get; init; }

    public required int TimeoutSeconds { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string? Executor { get; init; }

    /// <summary>The token of a claim as version 0.1.0 wrote it. Not written any more.</summary>
    public string? LeaseToken { get; init; }

    public string? LeaseHash { get; init; }

    public string? LeaseKind { get; init; }

    public string? LeaseOwner { get; init; }

    public double? CostLimitUsd { get; init; }

    public long? TokenLimit { get; init; }

    public static RunRecord Of(Run run, DateTimeOffset? dueAt) => new()
    {
        Mode = run.Mode,
        Task = run.Task,
        Agent = run.AgentName(),
        AgentKind = run.AgentKind switch
        {
            null => RecordedAgentKind.Workflow,
            Agents.Contracts.AgentKind.Handoff => RecordedAgentKind.Handoff,
            Agents.Contracts.AgentKind.Command => RecordedAgentKind.Command,
            _ => RecordedAgentKind.Cli,
        },
        Priority = run.Priority,
        ScheduleId = run.ScheduleId,
        DueAt = dueAt,
        ParentRunId = run.ParentRunId,
        CycleId = run.CycleId,
        Depth = run.Depth,
        Attempt = run.Attempt,
        TimeoutSeconds = run.TimeoutSeconds,
        CreatedAt = run.CreatedAt,
        StartedAt = run.AttemptStartedAt ?? run.StartedAt ?? run.CreatedAt,
        Executor = run.Executor,
        LeaseHash = run.Lease?.Token,
        LeaseKind = run.Lease?.Kind?.Name(),
        LeaseOwner = run.Lease?.Owner,
        CostLimitUsd = run.CostLimitUsd,
        TokenLimit = run.TokenLimit,
    };

    /// <summary>The run as it stood when it had started.</summary>
    public Run ToRun(string id) => new()
    {
        Id = id,
        Mode = Mode,
        Task = Task,
        Agent = AgentKind == RecordedAgentKind.Workflow ? null : Agent,
        AgentKind = AgentKind switch
        {
            RecordedAgentKind.Workflow => null,
            RecordedAgentKind.Handoff => Agents.Contracts.AgentKind.Handoff,
            RecordedAgentKind.Command => Agents.Contracts.AgentKind.Command,
            _ => Agents.Contracts.AgentKind.Cli,
        },
        Workflow = AgentKind == RecordedAgentKind.Workflow ? Agent : null,
        Priority = Priority,
        ScheduleId = ScheduleId,
        ParentRunId = ParentRunId,
        CycleId = CycleId,
        Depth = Depth,
        Attempt = Attempt,
        Tries = Math.Max(0, Attempt - 1),
        TimeoutSeconds = TimeoutSeconds,
        CreatedAt = CreatedAt,
        StartedAt = StartedAt,
        AttemptStartedAt = StartedAt,
        Lease = (LeaseHash ?? LeaseToken) is { } token
            ? new RunLease(token) { Kind = RunNames.LeaseKind(LeaseKind), Owner = LeaseOwner }
            : null,
        CostLimitUsd = CostLimitUsd,
        TokenLimit = TokenLimit,
        DeadlineAt = StartedAt.AddSeconds(TimeoutSeconds),
        State = RunState.Running,
        Executor = Executor,
    };
}
