using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Storage.Rows;

/// <summary>
/// What of a run is kept in columns, for all backends: what is written into each, and the run that is read back. A further member of
/// <see cref="Run"/> is a line in <see cref="Written"/>, one in <see cref="Map"/>, and its column in the schema of each backend.
/// </summary>
internal static class RunFields
{
    /// <summary>What is written of a run, the id first.</summary>
    public static IReadOnlyList<RunField> Written { get; } =
    [
        new("id", static run => run.Id),
        new("mode", static run => run.Mode),
        new("task", static run => run.Task),
        // These two as servers of the version before read them: a cycle has its workflow's name in the place of an agent's.
        new("agent", static run => run.AgentName()),
        new("agent_kind", static run => run.AgentKindName()),
        new("priority", static run => run.Priority.Name()),
        new("schedule_id", static run => run.ScheduleId),
        new("parent_run_id", static run => run.ParentRunId),
        new("depth", static run => run.Depth),
        new("state", static run => run.State.Name()),
        new("reason", static run => run.Reason),
        new("attempt", static run => run.Attempt),
        new("timeout_seconds", static run => run.TimeoutSeconds),
        new("created_at", static run => run.CreatedAt),
        new("started_at", static run => run.StartedAt),
        new("deadline_at", static run => run.DeadlineAt),
        new("ended_at", static run => run.EndedAt),
        new("executor", static run => run.Executor),
        new("cancel_reason", static run => run.CancelReason),
        new("reported_outcome", static run => run.ReportedOutcome?.Name()),
        new("summary", static run => run.Summary),
        new("findings", static run => TextLists.Write(run.Findings)),
        new("follow_ups", static run => TextLists.Write(run.FollowUps)),
        new("questions", static run => TextLists.Write(run.Questions)),
        new("exit_code", static run => run.ExitCode),
        new("cost_usd", static run => run.CostUsd),
        new("stop_row_pending", static run => run.StopRowPending),
        new("memory_pending", static run => run.MemoryPending),
        new("input_tokens", static run => run.Tokens?.Input),
        new("output_tokens", static run => run.Tokens?.Output),
        new("cached_tokens", static run => run.Tokens?.Cached),
        new("session_id", static run => run.SessionId),
        new("usage_limit", static run => run.UsageLimit?.Kind),
        new("usage_limit_until", static run => run.UsageLimit?.ResetsAt),
        new("denied_permissions", static run => TextLists.WriteOrNull(run.DeniedPermissions)),
        new("attempt_started_at", static run => run.AttemptStartedAt),
        new("tries", static run => run.Tries),
        new("not_before", static run => run.NotBefore),
        new("failure", static run => run.Failure?.Name()),
        new("answers", static run => TextLists.WriteOrNull(run.Answers)),
        new("lease_token", static run => run.Lease?.Token),
        new("cost_limit_usd", static run => run.CostLimitUsd),
        new("token_limit", static run => run.TokenLimit),
        new("cycle_id", static run => run.CycleId),
        new("unverified", static run => run.IsUnverified),
        new("lease_kind", static run => run.Lease?.Kind?.Name()),
        new("lease_owner", static run => run.Lease?.Owner),
        new("lease_gone_at", static run => run.HolderGoneSince),
        new("lost_leases", static run => run.LostLeases),
        new("title", static run => run.Title),
        new("origin", static run => run.Origin?.Name()),
        new("scheduled_for", static run => run.ScheduledFor),
        new("catch_up", static run => run.IsCatchUp),
    ];

    /// <summary>The columns that are written, as a statement lists them.</summary>
    public static string Names { get; } = string.Join(", ", Written.Select(static field => field.Name));

    /// <summary>Their parameters, as a statement lists them.</summary>
    public static string Values { get; } = string.Join(", ", Written.Select(static field => field.Parameter));

    /// <summary>What a statement sets that writes a run over the one of its id.</summary>
    public static string Assignments { get; } =
        string.Join(", ", Written.Skip(1).Select(static field => $"{field.Name} = {field.Parameter}"));

    /// <summary>What is written of a run, by the parameters.</summary>
    public static (string Name, object? Value)[] Parameters(Run run) => [.. Written.Select(field => (field.Parameter, field.Value(run)))];

    /// <summary>The run of a row.</summary>
    public static Run Map<TRow>(TRow row)
        where TRow : struct, IRow =>
        new()
        {
            Id = row.Text("id")!,
            Mode = row.Text("mode")!,
            Task = row.Text("task")!,
            Agent = row.Text("workflow") is null ? row.Text("agent") : null,
            AgentKind = row.Text("workflow") is null ? RunNames.Kind(row.Text("agent_kind"))!.Value : null,
            Workflow = row.Text("workflow"),
            Priority = RunNames.Priority(row.Text("priority"))!.Value,
            ScheduleId = row.Text("schedule_id"),
            Title = row.Text("title"),
            Origin = RunNames.Origin(row.Text("origin")),
            ScheduledFor = row.Moment("scheduled_for"),
            IsCatchUp = row.Flag("catch_up") == true,
            ParentRunId = row.Text("parent_run_id"),
            CycleId = row.Text("cycle_id"),
            Depth = (int)row.Integer("depth")!.Value,
            State = RunNames.State(row.Text("state"))!.Value,
            Reason = row.Text("reason"),
            Attempt = (int)row.Integer("attempt")!.Value,
            Tries = (int)row.Integer("tries")!.Value,
            NotBefore = row.Moment("not_before"),
            Failure = RunNames.Failure(row.Text("failure")),
            TimeoutSeconds = (int)row.Integer("timeout_seconds")!.Value,
            CostLimitUsd = row.Real("cost_limit_usd"),
            TokenLimit = row.Integer("token_limit"),
            CreatedAt = row.Moment("created_at")!.Value,
            StartedAt = row.Moment("started_at"),
            AttemptStartedAt = row.Moment("attempt_started_at"),
            DeadlineAt = row.Moment("deadline_at"),
            EndedAt = row.Moment("ended_at"),
            Executor = row.Text("executor"),
            CancelReason = row.Text("cancel_reason"),
            ReportedOutcome = RunNames.State(row.Text("reported_outcome")),
            Summary = row.Text("summary"),
            Findings = TextLists.Read(row.Text("findings")),
            FollowUps = TextLists.Read(row.Text("follow_ups")),
            Questions = TextLists.Read(row.Text("questions")),
            Answers = TextLists.Read(row.Text("answers")),
            Lease = MapLease(row),
            HolderGoneSince = row.Moment("lease_gone_at"),
            LostLeases = (int)row.Integer("lost_leases")!.Value,
            ExitCode = (int?)row.Integer("exit_code"),
            CostUsd = row.Real("cost_usd"),
            Tokens = row.Integer("input_tokens") is { } input
                ? new AgentTokens(input, row.Integer("output_tokens") ?? 0, row.Integer("cached_tokens") ?? 0)
                : null,
            SessionId = row.Text("session_id"),
            UsageLimit = row.Text("usage_limit") is { } limit ? new AgentUsageLimit(limit, row.Moment("usage_limit_until")) : null,
            DeniedPermissions = TextLists.Read(row.Text("denied_permissions")),
            IsUnverified = row.Flag("unverified") == true,
            StopRowPending = row.Flag("stop_row_pending") == true,
            MemoryPending = row.Flag("memory_pending") == true,
        };

    private static RunLease? MapLease<TRow>(TRow row)
        where TRow : struct, IRow =>
        row.Text("lease_token") is not { } token
            ? null
            : new RunLease(token)
            {
                Kind = RunNames.LeaseKind(row.Text("lease_kind")),
                Owner = row.Text("lease_owner"),
                Idle =
                    row.Integer("lease_beat") == row.Integer("lease_seen")
                        ? TimeSpan.FromMilliseconds(row.Integer("lease_idle_ms")!.Value)
                        : TimeSpan.Zero,
                GoneSince = row.Moment("lease_gone_at"),
            };
}
