namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>
/// What a run is, in its folder from its start on: the file <c>run.json</c>, from which the database is rebuilt when it is damaged. Its
/// members are written in snake_case, and those without a value are left out. A name that was released stays: folders are kept for weeks,
/// and other versions read them.
/// </summary>
internal sealed record RunRecord
{
    /// <summary>The mode's slug.</summary>
    public required string Mode { get; init; }

    /// <summary>What is to be done, whole.</summary>
    public required string Task { get; init; }

    /// <summary>The agent's name; of a cycle, the workflow's.</summary>
    public required string Agent { get; init; }

    /// <summary>What kind of agent that was, or that it is a cycle.</summary>
    public required RecordedAgentKind AgentKind { get; init; }

    /// <summary>What it was started for.</summary>
    public required RunPriority Priority { get; init; }

    /// <summary>The schedule that it belongs to, if any.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>The due moment that it was started for; none when it was triggered by hand.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether it makes up for that due moment; left out where it does not.</summary>
    public bool? CatchUp { get; init; }

    /// <summary>The run that asked for it, if any.</summary>
    public string? ParentRunId { get; init; }

    /// <summary>The cycle that it is a step of, if any.</summary>
    public string? CycleId { get; init; }

    /// <summary>How many ancestors it has.</summary>
    public int Depth { get; init; }

    /// <summary>
    /// The attempt in whose folder this stands, from 1. Of the folders that there are, the latest one that names itself counts; see
    /// <c>RunFolder.Latest</c>.
    /// </summary>
    public int Attempt { get; init; }

    /// <summary>The time limit of each attempt in seconds, from 1 to <see cref="RunLimits.MaxTimeoutSeconds"/>.</summary>
    public required int TimeoutSeconds { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this attempt began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The process that started it (see <c>ProcessIdentity</c>); none for a hand-off.</summary>
    public string? Executor { get; init; }

    /// <summary>The token of a claim as version 0.1.0 wrote it. Not written any more.</summary>
    public string? LeaseToken { get; init; }

    /// <summary>What is kept of the token of the attempt's holder (see <see cref="LeaseTokens"/>); none where nobody holds it.</summary>
    public string? LeaseHash { get; init; }

    /// <summary>How it is held, by its name; none for a claim of version 0.1.0.</summary>
    public string? LeaseKind { get; init; }

    /// <summary>The client that holds it, where that is known.</summary>
    public string? LeaseOwner { get; init; }

    /// <summary>US dollars that each attempt may cost, where that is less than the workspace allows.</summary>
    public double? CostLimitUsd { get; init; }

    /// <summary>Tokens that each attempt may take, as above.</summary>
    public long? TokenLimit { get; init; }

    /// <summary>What is written of a run that was just started.</summary>
    /// <param name="run">The run.</param>
    /// <param name="dueAt">The due moment that it was started for.</param>
    public static RunRecord Of(Run run, DateTimeOffset? dueAt) =>
        new()
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
            CatchUp = run.IsCatchUp ? true : null,
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
    public Run ToRun(string id) =>
        new()
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
            Origin =
                CycleId is not null ? RunOrigin.Cycle
                : ParentRunId is not null ? RunOrigin.Run
                : ScheduleId is null ? RunOrigin.Request
                : DueAt is null ? RunOrigin.Trigger
                : RunOrigin.Schedule,
            ScheduledFor = DueAt,
            IsCatchUp = CatchUp == true,
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
