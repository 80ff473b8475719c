using System.Text.Json;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// The runs of one workspace in its database. Every change of state is one transaction that names the state it changes from, so of
/// several processes that try the same change exactly one succeeds. Safe for use by many threads.
/// </summary>
public sealed class RunStore(StateDatabase database)
{
    /// <summary>The run, or <see langword="null"/> when there is none of that id.</summary>
    public Task<Run?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => Find(connection, id), cancellationToken);

    /// <summary>Adds a run, with the reason for its agent as its first decision: both or neither.</summary>
    public Task AddAsync(Run run, string why, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.WriteAsync((connection, _) => Insert(connection, run) + InsertDecision(connection, run.Id, run.CreatedAt, why), cancellationToken);
    }

    /// <summary>Lists runs, newest first.</summary>
    /// <param name="filter">What to list.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return database.ReadAsync<IReadOnlyList<Run>>(
            connection => connection.Query(
                """
                SELECT * FROM runs
                WHERE (@state IS NULL OR state = @state) AND (@schedule IS NULL OR schedule_id = @schedule)
                  AND (@before IS NULL OR created_at < @before OR (created_at = @before AND id < @beforeId))
                ORDER BY created_at DESC, id DESC LIMIT @limit
                """,
                Map,
                ("@state", filter.State?.Name()),
                ("@schedule", filter.ScheduleId),
                ("@before", filter.Before?.CreatedAt),
                ("@beforeId", filter.Before?.Id),
                ("@limit", filter.Limit)),
            cancellationToken);
    }

    /// <summary>All runs in one state, by priority and then oldest first: the order in which queued ones start.</summary>
    public Task<IReadOnlyList<Run>> InStateAsync(RunState state, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection => connection.Query(
                "SELECT * FROM runs WHERE state = @state ORDER BY CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END, created_at, id",
                Map,
                ("@state", state.Name())),
            cancellationToken);

    /// <summary>The runs whose closing row or memory entry is still to be written.</summary>
    public Task<IReadOnlyList<Run>> PendingFinalizationAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection => connection.Query("SELECT * FROM runs WHERE stop_row_pending = 1 OR memory_pending = 1 ORDER BY ended_at", Map),
            cancellationToken);

    /// <summary>The due moment of a schedule that a run was started for; <see langword="null"/> for any other run.</summary>
    public Task<DateTimeOffset?> DueAtAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection => connection
                .Query(
                    "SELECT last_due_at FROM occurrences WHERE run_id = @id AND outcome = 'started' AND reason IS NOT @byHand",
                    static reader => reader.Moment("last_due_at"),
                    ("@id", id),
                    ("@byHand", OccurrenceRows.ByHand))
                .FirstOrDefault(),
            cancellationToken);

    /// <summary>Runs that took longer than their time limit, the latest first.</summary>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Run>> PastLimitAsync(int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection => connection.Query(
                "SELECT * FROM runs WHERE ended_at - started_at > timeout_seconds * 1000 ORDER BY created_at DESC LIMIT @most", Map, ("@most", most)),
            cancellationToken);

    /// <summary>How many runs are in each state.</summary>
    public Task<IReadOnlyDictionary<RunState, long>> CountAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<RunState, long>>(
            connection => connection
                .Query("SELECT state, COUNT(*) AS n FROM runs GROUP BY state", reader => (RunNames.State(reader.GetString(0))!.Value, reader.GetInt64(1)))
                .ToDictionary(static pair => pair.Item1, static pair => pair.Item2),
            cancellationToken);

    /// <summary>
    /// Takes a queued run in order to start it. Refused (false) when it is not queued any more, when another run of its schedule is
    /// running, or when <paramref name="mostRunning"/> runs with a process are running already.
    /// </summary>
    public Task<bool> TryStartAsync(string id, DateTimeOffset now, string? executor, int? mostRunning, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET state = 'running', started_at = @now, deadline_at = @now + timeout_seconds * 1000,
                    attempt = attempt + 1, executor = @executor, reason = NULL
                WHERE id = @id AND state = 'queued' AND cancel_reason IS NULL
                  AND (@most IS NULL OR (SELECT COUNT(*) FROM runs WHERE state = 'running' AND agent_kind <> 'handoff') < @most)
                  AND NOT EXISTS (SELECT 1 FROM runs AS other WHERE other.state = 'running' AND other.schedule_id = runs.schedule_id)
                """,
                ("@id", id),
                ("@now", now),
                ("@executor", executor),
                ("@most", mostRunning)) == 1,
            cancellationToken);

    /// <summary>
    /// Puts a run back into the queue that was taken but never begun, with the reason as its decision. False when that start of it is over,
    /// or something was reported since.
    /// </summary>
    public Task<bool> TryRequeueAsync(Run taken, DateTimeOffset now, string why, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(taken);
        return database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET state = 'queued', reason = @why, started_at = NULL, deadline_at = NULL, executor = NULL
                WHERE id = @id AND state = 'running' AND attempt = @attempt AND reported_outcome IS NULL
                """,
                ("@id", taken.Id),
                ("@attempt", taken.Attempt),
                ("@why", why)) == 1
                && InsertDecision(connection, taken.Id, now, $"queued again: {why}") == 1,
            cancellationToken);
    }

    /// <summary>Ends a run, with the reason as its last decision. Its closing row and memory entry are owed from now on. False when it has ended already.</summary>
    public Task<bool> TryEndAsync(string id, RunEnd end, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(end);
        return database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET state = @state, reason = @reason, ended_at = @ended, summary = COALESCE(@summary, summary),
                    exit_code = @exit, cost_usd = @cost, input_tokens = @input, output_tokens = @output, cached_tokens = @cached, session_id = @session,
                    usage_limit = @limit, usage_limit_until = @until, denied_permissions = @denied, stop_row_pending = CASE WHEN started_at IS NULL THEN 0 ELSE 1 END, memory_pending = 1
                WHERE id = @id AND state IN ('queued', 'running')
                """,
                ("@id", id),
                ("@state", end.State.Name()),
                ("@reason", end.Reason),
                ("@ended", end.EndedAt),
                ("@summary", end.Summary),
                ("@exit", end.ExitCode),
                ("@cost", end.CostUsd),
                ("@input", end.Tokens?.Input),
                ("@output", end.Tokens?.Output),
                ("@cached", end.Tokens?.Cached),
                ("@session", end.SessionId),
                ("@limit", end.UsageLimit?.Kind),
                ("@until", end.UsageLimit?.ResetsAt),
                ("@denied", end.DeniedPermissions.Count > 0 ? WriteList(end.DeniedPermissions) : null)) == 1
                && InsertDecision(connection, id, end.EndedAt, $"{end.State.Name()}: {end.Reason}") == 1,
            cancellationToken);
    }

    /// <summary>Keeps what an agent reported. False when the run is not running.</summary>
    public Task<bool> TryReportAsync(string id, RunReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        return database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET reported_outcome = @outcome, summary = @summary, findings = @findings, follow_ups = @followUps, questions = @questions
                WHERE id = @id AND state = 'running'
                """,
                ("@id", id),
                ("@outcome", report.Outcome.Name()),
                ("@summary", report.Summary),
                ("@findings", WriteList(report.Findings)),
                ("@followUps", WriteList(report.FollowUps)),
                ("@questions", WriteList(report.Questions))) == 1,
            cancellationToken);
    }

    /// <summary>Notes that somebody asked for the end of a run. False when it has ended already.</summary>
    public Task<bool> TryRequestCancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE runs SET cancel_reason = COALESCE(cancel_reason, @reason) WHERE id = @id AND state IN ('queued', 'running')",
                ("@id", id),
                ("@reason", reason)) == 1,
            cancellationToken);

    /// <summary>Says that the closing row, the memory entry, or both are written.</summary>
    public Task SettleAsync(string id, bool stopRow, bool memory, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE runs SET stop_row_pending = CASE WHEN @row THEN 0 ELSE stop_row_pending END, memory_pending = CASE WHEN @memory THEN 0 ELSE memory_pending END WHERE id = @id",
                ("@id", id),
                ("@row", stopRow),
                ("@memory", memory)),
            cancellationToken);

    /// <summary>Records a decision about a run and its reason.</summary>
    public Task DecideAsync(string id, DateTimeOffset now, string text, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => InsertDecision(connection, id, now, text), cancellationToken);

    /// <summary>Records what may be found out again and again: false, and nothing done, when exactly this is recorded already.</summary>
    public async Task<bool> TryDecideOnceAsync(string id, DateTimeOffset at, string text, CancellationToken cancellationToken = default)
    {
        var clean = Redactor.Process.Redact(text);
        return !(await DecisionsAsync(id, cancellationToken)).Any(decision => decision.Text == clean)
            && await database.WriteAsync(
                (connection, _) => connection.Execute(
                    "INSERT INTO decisions (run_id, at, text) SELECT @id, @at, @text WHERE NOT EXISTS (SELECT 1 FROM decisions WHERE run_id = @id AND text = @text)",
                    ("@id", id),
                    ("@at", at),
                    ("@text", clean)) == 1,
                cancellationToken);
    }

    /// <summary>
    /// Puts a run back that was taken to be started and for which nothing was done. False when it is not running any more, or when
    /// another process has taken it since.
    /// </summary>
    public Task<bool> TryReturnAsync(string id, string? executor, DateTimeOffset now, string why, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET state = 'queued', started_at = NULL, deadline_at = NULL, executor = NULL, attempt = attempt - 1, reason = @why
                WHERE id = @id AND state = 'running' AND executor IS @executor
                """,
                ("@id", id),
                ("@executor", executor),
                ("@why", why)) == 1
                && InsertDecision(connection, id, now, $"queued again: {why}") == 1,
            cancellationToken);

    /// <summary>The decisions about a run, in order.</summary>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunDecision>>(
            connection => connection.Query(
                "SELECT at, text FROM decisions WHERE run_id = @id ORDER BY id",
                reader => new RunDecision(reader.Moment("at")!.Value, reader.GetString(1)),
                ("@id", id)),
            cancellationToken);

    internal static Run? Find(SqliteConnection connection, string id) =>
        connection.Query("SELECT * FROM runs WHERE id = @id", Map, ("@id", id)).FirstOrDefault();

    internal static int InsertDecision(SqliteConnection connection, string id, DateTimeOffset now, string text) =>
        connection.Execute("INSERT INTO decisions (run_id, at, text) VALUES (@id, @at, @text)", ("@id", id), ("@at", now), ("@text", Redactor.Process.Redact(text)));

    internal static int Insert(SqliteConnection connection, Run run) =>
        connection.Execute(
            """
            INSERT INTO runs (id, mode, task, agent, agent_kind, priority, schedule_id, parent_run_id, depth, state, reason, attempt, timeout_seconds, created_at, started_at, deadline_at, executor)
            VALUES (@id, @mode, @task, @agent, @kind, @priority, @schedule, @parent, @depth, @state, @reason, @attempt, @timeout, @created, @started, @deadline, @executor)
            """,
            ("@id", run.Id),
            ("@mode", run.Mode),
            ("@task", run.Task),
            ("@agent", run.Agent),
            ("@kind", run.AgentKind.Name()),
            ("@priority", run.Priority.Name()),
            ("@schedule", run.ScheduleId),
            ("@parent", run.ParentRunId),
            ("@depth", run.Depth),
            ("@state", run.State.Name()),
            ("@reason", run.Reason),
            ("@attempt", run.Attempt),
            ("@timeout", run.TimeoutSeconds),
            ("@created", run.CreatedAt),
            ("@started", run.StartedAt),
            ("@deadline", run.DeadlineAt),
            ("@executor", run.Executor));

    internal static Run Map(SqliteDataReader reader) => new()
    {
        Id = reader.Text("id")!,
        Mode = reader.Text("mode")!,
        Task = reader.Text("task")!,
        Agent = reader.Text("agent")!,
        AgentKind = RunNames.Kind(reader.Text("agent_kind"))!.Value,
        Priority = RunNames.Priority(reader.Text("priority"))!.Value,
        ScheduleId = reader.Text("schedule_id"),
        ParentRunId = reader.Text("parent_run_id"),
        Depth = (int)reader.Integer("depth")!.Value,
        State = RunNames.State(reader.Text("state"))!.Value,
        Reason = reader.Text("reason"),
        Attempt = (int)reader.Integer("attempt")!.Value,
        TimeoutSeconds = (int)reader.Integer("timeout_seconds")!.Value,
        CreatedAt = reader.Moment("created_at")!.Value,
        StartedAt = reader.Moment("started_at"),
        DeadlineAt = reader.Moment("deadline_at"),
        EndedAt = reader.Moment("ended_at"),
        Executor = reader.Text("executor"),
        CancelReason = reader.Text("cancel_reason"),
        ReportedOutcome = RunNames.State(reader.Text("reported_outcome")),
        Summary = reader.Text("summary"),
        Findings = ReadList(reader.Text("findings")),
        FollowUps = ReadList(reader.Text("follow_ups")),
        Questions = ReadList(reader.Text("questions")),
        ExitCode = (int?)reader.Integer("exit_code"),
        CostUsd = reader.Real("cost_usd"),
        Tokens = reader.Integer("input_tokens") is { } input ? new AgentTokens(input, reader.Integer("output_tokens") ?? 0, reader.Integer("cached_tokens") ?? 0) : null,
        SessionId = reader.Text("session_id"),
        UsageLimit = reader.Text("usage_limit") is { } limit ? new AgentUsageLimit(limit, reader.Moment("usage_limit_until")) : null,
        DeniedPermissions = ReadList(reader.Text("denied_permissions")),
        StopRowPending = reader.Integer("stop_row_pending") == 1,
        MemoryPending = reader.Integer("memory_pending") == 1,
    };

    internal static string WriteList(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, CoreJson.Default.IReadOnlyListString);

    private static IReadOnlyList<string> ReadList(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, CoreJson.Default.IReadOnlyListString) ?? [];
}
