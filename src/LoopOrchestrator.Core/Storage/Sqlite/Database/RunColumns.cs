using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The columns of a run, in one place: how each stands in the schema, what is written into it, and the run that is read back. A further
/// member of <see cref="Run"/> is a line in <see cref="All"/> and one in <see cref="Map"/>.
/// </summary>
internal static class RunColumns
{
    private const string KindOfRun =
        "TEXT AS (CASE agent_kind WHEN 'workflow' THEN 'cycle' WHEN 'handoff' THEN 'handoff' ELSE 'agent' END)";

    // In the order of their coming, which is the order in a database that was made step by step. A step that adds columns asks for its own
    // by number (see AddedBy). Those that are not written from a run are generated, or belong to the clock of the lease.
    private static readonly Column[] All =
    [
        new("id", "TEXT NOT NULL PRIMARY KEY", static run => run.Id),
        new("mode", "TEXT NOT NULL", static run => run.Mode),
        new("task", "TEXT NOT NULL", static run => run.Task),
        // These two as servers of the version before read them: a cycle has its workflow's name in the place of an agent's.
        new("agent", "TEXT NOT NULL", static run => run.AgentName()),
        new("agent_kind", "TEXT NOT NULL", static run => run.AgentKindName()),
        new("priority", "TEXT NOT NULL", static run => run.Priority.Name()),
        new("schedule_id", "TEXT NULL", static run => run.ScheduleId),
        new("parent_run_id", "TEXT NULL REFERENCES runs (id)", static run => run.ParentRunId),
        new("depth", "INTEGER NOT NULL", static run => run.Depth),
        new("state", "TEXT NOT NULL", static run => run.State.Name()),
        new("reason", "TEXT NULL", static run => run.Reason),
        new("attempt", "INTEGER NOT NULL DEFAULT 0", static run => run.Attempt),
        new("timeout_seconds", "INTEGER NOT NULL", static run => run.TimeoutSeconds),
        new("created_at", "INTEGER NOT NULL", static run => run.CreatedAt),
        new("started_at", "INTEGER NULL", static run => run.StartedAt),
        new("deadline_at", "INTEGER NULL", static run => run.DeadlineAt),
        new("ended_at", "INTEGER NULL", static run => run.EndedAt),
        new("executor", "TEXT NULL", static run => run.Executor),
        new("cancel_reason", "TEXT NULL", static run => run.CancelReason),
        new("reported_outcome", "TEXT NULL", static run => run.ReportedOutcome?.Name()),
        new("summary", "TEXT NULL", static run => run.Summary),
        new("findings", "TEXT NULL", static run => TextLists.Write(run.Findings)),
        new("follow_ups", "TEXT NULL", static run => TextLists.Write(run.FollowUps)),
        new("questions", "TEXT NULL", static run => TextLists.Write(run.Questions)),
        new("exit_code", "INTEGER NULL", static run => run.ExitCode),
        new("cost_usd", "REAL NULL", static run => run.CostUsd),
        new("stop_row_pending", "INTEGER NOT NULL DEFAULT 0", static run => run.StopRowPending),
        new("memory_pending", "INTEGER NOT NULL DEFAULT 0", static run => run.MemoryPending),
        new("input_tokens", "INTEGER NULL", static run => run.Tokens?.Input),
        new("output_tokens", "INTEGER NULL", static run => run.Tokens?.Output),
        new("cached_tokens", "INTEGER NULL", static run => run.Tokens?.Cached),
        new("session_id", "TEXT NULL", static run => run.SessionId),
        new("usage_limit", "TEXT NULL", static run => run.UsageLimit?.Kind),
        new("usage_limit_until", "INTEGER NULL", static run => run.UsageLimit?.ResetsAt),
        new("denied_permissions", "TEXT NULL", static run => TextLists.WriteOrNull(run.DeniedPermissions)),
        new("attempt_started_at", "INTEGER NULL", static run => run.AttemptStartedAt),
        new("tries", "INTEGER NOT NULL DEFAULT 0", static run => run.Tries),
        new("not_before", "INTEGER NULL", static run => run.NotBefore),
        new("failure", "TEXT NULL", static run => run.Failure?.Name()),
        new("answers", "TEXT NULL", static run => TextLists.WriteOrNull(run.Answers)),
        new("lease_token", "TEXT NULL", static run => run.Lease?.Token),
        new("lease_beat", "INTEGER NOT NULL DEFAULT 0"),
        new("lease_seen", "INTEGER NOT NULL DEFAULT 0"),
        new("lease_idle_ms", "INTEGER NOT NULL DEFAULT 0"),
        new("cost_limit_usd", "REAL NULL", static run => run.CostLimitUsd),
        new("token_limit", "INTEGER NULL", static run => run.TokenLimit),
        new("cycle_id", "TEXT NULL", static run => run.CycleId),
        new("unverified", "INTEGER NOT NULL DEFAULT 0", static run => run.IsUnverified) { Step = 7 },
        new("lease_kind", "TEXT NULL", static run => run.Lease?.Kind?.Name()) { Step = 7 },
        new("lease_owner", "TEXT NULL", static run => run.Lease?.Owner) { Step = 7 },
        new("lease_gone_at", "INTEGER NULL", static run => run.HolderGoneSince) { Step = 7 },
        new("lost_leases", "INTEGER NOT NULL DEFAULT 0", static run => run.LostLeases) { Step = 7 },
        new("kind", KindOfRun) { Step = 7 },
        new("workflow", "TEXT AS (CASE agent_kind WHEN 'workflow' THEN agent END)") { Step = 7 },
        new("title", "TEXT NULL", static run => run.Title) { Step = 7 },
        new("origin", "TEXT NULL", static run => run.Origin?.Name()) { Step = 9 },
        new("scheduled_for", "INTEGER NULL", static run => run.ScheduledFor) { Step = 9 },
        new("catch_up", "INTEGER NOT NULL DEFAULT 0", static run => run.IsCatchUp) { Step = 9 },
    ];

    private static readonly Column[] Written = [.. All.Where(static column => column.Write is not null)];

    /// <summary>All of them, as they stand in the statement that makes the table.</summary>
    public static string Definitions { get; } = string.Join(",\n    ", All.Select(static column => $"{column.Name} {column.Type}"));

    /// <summary>The statement that adds a run; its parameters are <see cref="Parameters"/>.</summary>
    public static string Insert { get; } =
        $"INSERT INTO runs ({string.Join(", ", Written.Select(static column => column.Name))}) "
        + $"VALUES ({string.Join(", ", Written.Select(static column => column.Parameter))})";

    /// <summary>The statement that writes a run over the one of its id; as above.</summary>
    public static string Update { get; } =
        $"UPDATE runs SET {string.Join(", ", Written.Skip(1).Select(static column => $"{column.Name} = {column.Parameter}"))} "
        + "WHERE id = @id";

    /// <summary>The statements by which a step adds its columns to the table.</summary>
    public static string AddedBy(int step) =>
        string.Concat(
            All.Where(column => column.Step == step).Select(static column => $"ALTER TABLE runs ADD COLUMN {column.Name} {column.Type};\n")
        );

    /// <summary>What is written of a run.</summary>
    public static (string Name, object? Value)[] Parameters(Run run) =>
        Array.ConvertAll(Written, column => (column.Parameter, column.Write!(run)));

    /// <summary>The run of a row.</summary>
    public static Run Map(SqliteDataReader reader) =>
        new()
        {
            Id = reader.Text("id")!,
            Mode = reader.Text("mode")!,
            Task = reader.Text("task")!,
            Agent = reader.Text("workflow") is null ? reader.Text("agent") : null,
            AgentKind = reader.Text("workflow") is null ? RunNames.Kind(reader.Text("agent_kind"))!.Value : null,
            Workflow = reader.Text("workflow"),
            Priority = RunNames.Priority(reader.Text("priority"))!.Value,
            ScheduleId = reader.Text("schedule_id"),
            Title = reader.Text("title"),
            Origin = RunNames.Origin(reader.Text("origin")),
            ScheduledFor = reader.Moment("scheduled_for"),
            IsCatchUp = reader.Integer("catch_up") == 1,
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
            Findings = TextLists.Read(reader.Text("findings")),
            FollowUps = TextLists.Read(reader.Text("follow_ups")),
            Questions = TextLists.Read(reader.Text("questions")),
            Answers = TextLists.Read(reader.Text("answers")),
            Lease = MapLease(reader),
            HolderGoneSince = reader.Moment("lease_gone_at"),
            LostLeases = (int)reader.Integer("lost_leases")!.Value,
            ExitCode = (int?)reader.Integer("exit_code"),
            CostUsd = reader.Real("cost_usd"),
            Tokens = reader.Integer("input_tokens") is { } input
                ? new AgentTokens(input, reader.Integer("output_tokens") ?? 0, reader.Integer("cached_tokens") ?? 0)
                : null,
            SessionId = reader.Text("session_id"),
            UsageLimit = reader.Text("usage_limit") is { } limit ? new AgentUsageLimit(limit, reader.Moment("usage_limit_until")) : null,
            DeniedPermissions = TextLists.Read(reader.Text("denied_permissions")),
            IsUnverified = reader.Integer("unverified") == 1,
            StopRowPending = reader.Integer("stop_row_pending") == 1,
            MemoryPending = reader.Integer("memory_pending") == 1,
        };

    private static RunLease? MapLease(SqliteDataReader reader) =>
        reader.Text("lease_token") is not { } token
            ? null
            : new RunLease(token)
            {
                Kind = RunNames.LeaseKind(reader.Text("lease_kind")),
                Owner = reader.Text("lease_owner"),
                Idle =
                    reader.Integer("lease_beat") == reader.Integer("lease_seen")
                        ? TimeSpan.FromMilliseconds(reader.Integer("lease_idle_ms")!.Value)
                        : TimeSpan.Zero,
                GoneSince = reader.Moment("lease_gone_at"),
            };

    /// <summary>One column.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">What stands behind the name in the schema.</param>
    /// <param name="Write">What of a run is written into it; <see langword="null"/> where that is not of the run's making.</param>
    private sealed record Column(string Name, string Type, Func<Run, object?>? Write = null)
    {
        /// <summary>Its parameter in statements.</summary>
        public string Parameter { get; } = $"@{Name}";

        /// <summary>The step of the schema that adds it, as far as that asks for its columns here.</summary>
        public int Step { get; init; }
    }
}
