using System.Text.Json;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Runs and their decisions in the database; used within the transactions of several stores.</summary>
internal static class RunRows
{
    public static bool TryStart(SqliteConnection connection, string id, RunStart start)
    {
        var token = start.LeaseToken is null ? null : LeaseTokens.Hash(start.LeaseToken);
        var taken = connection.Execute(
            """
            UPDATE runs SET state = 'running', started_at = COALESCE(started_at, @now), attempt_started_at = @now, deadline_at = @now + timeout_seconds * 1000,
                attempt = attempt + 1, executor = @executor, reason = NULL, not_before = NULL, failure = NULL, exit_code = NULL,
                lease_token = @token, lease_kind = @leaseKind, lease_owner = @leaseOwner, lease_gone_at = NULL,
                lease_beat = lease_beat + 1, lease_idle_ms = 0, unverified = 0
            WHERE id = @id AND state = 'queued' AND cancel_reason IS NULL AND (not_before IS NULL OR not_before <= @now)
              AND (@most IS NULL OR (
                WITH RECURSIVE above (id) AS (SELECT runs.parent_run_id UNION SELECT up.parent_run_id FROM runs AS up JOIN above ON up.id = above.id)
                SELECT COUNT(*) FROM runs AS other WHERE other.state = 'running' AND other.kind = 'agent' AND other.id NOT IN (SELECT id FROM above WHERE id IS NOT NULL)) < @most)
              AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.state = 'running' AND other.schedule_id = runs.schedule_id)
              AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.state = 'queued' AND other.failure = 'usage_limit' AND other.not_before > @now AND other.agent = runs.agent)
            """,
            ("@id", id),
            ("@now", start.Now),
            ("@executor", start.Executor),
            ("@most", start.MostRunning),
            ("@leaseKind", token is null ? null : start.LeaseKind.Name()),
            ("@leaseOwner", start.LeaseOwner),
            ("@token", token)) == 1;
        return taken && AttemptRows.Begin(connection, id, start, token) == 1;
    }

    public static Run? Find(SqliteConnection connection, string id) =>
        connection.Query("SELECT * FROM runs WHERE id = @id", Map, ("@id", id)).FirstOrDefault();

    public static int InsertDecision(
        SqliteConnection connection, string id, DateTimeOffset now, string text, RunDecisionCode? code = null) =>
        connection.Execute(
            "INSERT INTO decisions (run_id, at, text, code) VALUES (@id, @at, @text, @code)",
            ("@id", id),
            ("@at", now),
            ("@text", connection.Redact(text)),
            ("@code", code?.Name()));

    public static int Insert(SqliteConnection connection, Run run) =>
        connection.Execute(
            """
            INSERT INTO runs (id, mode, task, agent, agent_kind, priority, schedule_id, title, parent_run_id, cycle_id, depth, state, reason, attempt, tries, timeout_seconds, created_at, started_at, attempt_started_at, deadline_at, executor, lease_token, lease_kind, lease_owner, cost_limit_usd, token_limit)
            VALUES (@id, @mode, @task, @agent, @kind, @priority, @schedule, @title, @parent, @cycle, @depth, @state, @reason, @attempt, @tries, @timeout, @created, @started, @attemptStarted, @deadline, @executor, @token, @leaseKind, @leaseOwner, @costLimit, @tokenLimit)
            """,
            ("@id", run.Id),
            ("@mode", run.Mode),
            ("@task", run.Task),
            ("@agent", run.AgentName()),
            ("@kind", run.AgentKindName()),
            ("@priority", run.Priority.Name()),
            ("@schedule", run.ScheduleId),
            ("@title", run.Title),
            ("@parent", run.ParentRunId),
            ("@cycle", run.CycleId),
            ("@depth", run.Depth),
            ("@state", run.State.Name()),
            ("@reason", run.Reason),
            ("@attempt", run.Attempt),
            ("@tries", run.Tries),
            ("@timeout", run.TimeoutSeconds),
            ("@created", run.CreatedAt),
            ("@started", run.StartedAt),
            ("@attemptStarted", run.AttemptStartedAt),
            ("@deadline", run.DeadlineAt),
            ("@executor", run.Executor),
            ("@token", run.Lease?.Token),
            ("@leaseKind", run.Lease?.Kind?.Name()),
            ("@leaseOwner", run.Lease?.Owner),
            ("@costLimit", run.CostLimitUsd),
            ("@tokenLimit", run.TokenLimit));

    public static Run Map(SqliteDataReader reader) => new()
    {
        Id = reader.Text("id")!,
        Mode = reader.Text("mode")!,
        Task = reader.Text("task")!,
        Agent = reader.Text("workflow") is null ? reader.Text("agent") : null,
        AgentKind = RunNames.Kind(reader.Text("agent_kind")),
        Workflow = reader.Text("workflow"),
        Priority = RunNames.Priority(reader.Text("priority"))!.Value,
        ScheduleId = reader.Text("schedule_id"),
        Title = reader.Text("title"),
        ParentRunId = reader.Text("parent_run_id"),
        CycleId = reader.Text("cycle_id"),
        Depth = (int)reader.Integer("depth")!.Value,
        State = RunNames.State(reader.Text("state"))!.Value,
        Reason = reader.Text("reason"),
        Attempt = (int)reader.Integer("attempt")!.Value,
        Tries = (int)reader.Integer("tries")!.Value,
        NotBefore = reader.Moment("not_before"),
        Failure = RunNames.Failure(reader.Text("failure")),
        TimeoutSeconds = (int)reader.Integer("timeout_seconds")!.Value,
        CostLimitUsd = reader.Real("cost_limit_usd"),
        TokenLimit = reader.Integer("token_limit"),
        CreatedAt = reader.Moment("created_at")!.Value,
        StartedAt = reader.Moment("started_at"),
        AttemptStartedAt = reader.Moment("attempt_started_at"),
        DeadlineAt = reader.Moment("deadline_at"),
        EndedAt = reader.Moment("ended_at"),
        Executor = reader.Text("executor"),
        CancelReason = reader.Text("cancel_reason"),
        ReportedOutcome = RunNames.State(reader.Text("reported_outcome")),
        Summary = reader.Text("summary"),
        Findings = ReadList(reader.Text("findings")),
        FollowUps = ReadList(reader.Text("follow_ups")),
        Questions = ReadList(reader.Text("questions")),
        Answers = ReadList(reader.Text("answers")),
        Lease = MapLease(reader),
        HolderGoneSince = reader.Moment("lease_gone_at"),
        LostLeases = (int)reader.Integer("lost_leases")!.Value,
        ExitCode = (int?)reader.Integer("exit_code"),
        CostUsd = reader.Real("cost_usd"),
        Tokens = reader.Integer("input_tokens") is { } input ? new AgentTokens(input, reader.Integer("output_tokens") ?? 0, reader.Integer("cached_tokens") ?? 0) : null,
        SessionId = reader.Text("session_id"),
        UsageLimit = reader.Text("usage_limit") is { } limit ? new AgentUsageLimit(limit, reader.Moment("usage_limit_until")) : null,
        DeniedPermissions = ReadList(reader.Text("denied_permissions")),
        IsUnverified = reader.Integer("unverified") == 1,
        StopRowPending = reader.Integer("stop_row_pending") == 1,
        MemoryPending = reader.Integer("memory_pending") == 1,
    };

    private static RunLease? MapLease(SqliteDataReader reader) => reader.Text("lease_token") is not { } token ? null : new RunLease(token)
    {
        Kind = RunNames.LeaseKind(reader.Text("lease_kind")),
        Owner = reader.Text("lease_owner"),
        Idle = reader.Integer("lease_beat") == reader.Integer("lease_seen")
            ? TimeSpan.FromMilliseconds(reader.Integer("lease_idle_ms")!.Value)
            : TimeSpan.Zero,
        GoneSince = reader.Moment("lease_gone_at"),
    };

    public static string WriteList(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, RunJson.Default.IReadOnlyListString);

    public static IReadOnlyList<string> ReadList(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, RunJson.Default.IReadOnlyListString) ?? [];
}
