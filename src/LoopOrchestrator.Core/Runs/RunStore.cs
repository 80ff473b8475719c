using System.Text.Json;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
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
    /// <summary>The most sub-runs that are told of one run.</summary>
    public const int MostSubRuns = 100;

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
                $"SELECT * FROM runs WHERE state = @state ORDER BY {QueueRows.StartOrder}",
                Map,
                ("@state", state.Name())),
            cancellationToken);

    /// <summary>The queued runs that may start now, page by page.</summary>
    /// <param name="most">How many runs with a process run at once.</param>
    /// <param name="now">The moment.</param>
    /// <param name="after">The last run of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task<RunQueue> QueueAsync(int most, DateTimeOffset now, string? after, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => QueueRows.Read(connection, most, now, after), cancellationToken);

    /// <summary>The queued runs whose end was asked for and not recorded.</summary>
    internal Task<IReadOnlyList<Run>> CancelledInQueueAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(QueueRows.Cancelled, cancellationToken);

    /// <summary>The runs of schedules that are queued or go on.</summary>
    internal Task<ScheduleRuns> ActiveBySchedulesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static connection => new ScheduleRuns(
                connection
                    .Query("SELECT schedule_id FROM runs WHERE state IN ('queued', 'running') AND schedule_id IS NOT NULL", static reader => reader.GetString(0))
                    .ToHashSet(StringComparer.Ordinal),
                connection
                    .Query("SELECT * FROM runs WHERE state = 'running' AND schedule_id IS NOT NULL ORDER BY created_at", Map)
                    .DistinctBy(static run => run.ScheduleId!, StringComparer.Ordinal)
                    .ToDictionary(static run => run.ScheduleId!, StringComparer.Ordinal)),
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

    /// <summary>How many runs <see cref="Run.HasNoReport">succeeded without a report</see>.</summary>
    internal Task<long> CountWithoutReportAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static connection => connection.Scalar("SELECT COUNT(*) FROM runs WHERE state = 'succeeded' AND agent_kind = 'cli' AND reported_outcome IS NULL"),
            cancellationToken);

    /// <summary>
    /// The agents whose key the model's service refused the last time that they ran to an end, by name, each with its latest such run.
    /// </summary>
    internal Task<IReadOnlyList<Run>> SignedOutAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            static connection => connection
                .Query(
                    """
                    SELECT * FROM runs WHERE failure = 'sign_in' AND state = 'failed'
                      AND NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.agent = runs.agent AND later.state = 'succeeded' AND later.ended_at > runs.ended_at)
                    ORDER BY ended_at DESC LIMIT 100
                    """,
                    Map)
                .DistinctBy(static run => run.Agent, StringComparer.Ordinal)
                .ToList(),
            cancellationToken);

    /// <summary>
    /// Takes a queued run in order to start it: its next attempt begins. Refused (false) when it is not queued any more or not yet to be
    /// started, when another run of its schedule is running, when its agent waits for the reset of a usage limit, or when as many runs
    /// with a process are running as may. Those that wait for it, because they asked for it, are not counted: else both would wait for ever.
    /// </summary>
    public async Task<bool> TryStartAsync(string id, RunStart start, CancellationToken cancellationToken = default) =>
        (await StartAsync([(id, start)], cancellationToken)).Count == 1;

    /// <summary>As above with several runs in one transaction, in their order.</summary>
    /// <returns>Those that were taken, as they stand now, with the token of their holder.</returns>
    public Task<IReadOnlyList<Run>> StartAsync(IReadOnlyList<(string Id, RunStart Start)> starts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(starts);
        return database.WriteAsync<IReadOnlyList<Run>>(
            (connection, _) =>
            {
                var taken = new List<Run>();
                var isFull = false;
                foreach (var (id, start) in starts.Where(one => !isFull || one.Start.IsSubRun))
                {
                    if (TryStart(connection, id, start))
                    {
                        taken.Add(Find(connection, id)! with { LeaseToken = start.LeaseToken });
                    }

                    // Thousands may be behind: what can only be refused is not asked for.
                    isFull = isFull || !QueueRows.IsPlaceFree(connection, start.MostRunning);
                }

                return taken;
            },
            cancellationToken);
    }

    /// <summary>The runs below a run, the oldest first.</summary>
    public Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection => connection.Query($"{SubRunRows.Below} SELECT * FROM runs WHERE id IN below ORDER BY created_at, id LIMIT {MostSubRuns}", Map, ("@id", id)),
            cancellationToken);

    /// <summary>Whether anything below a run, however deep and however much there is, has yet to end.</summary>
    internal Task<bool> GoesOnBelowAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => connection.Scalar($"{SubRunRows.Below} SELECT EXISTS (SELECT 1 FROM runs WHERE id IN below AND state IN ('queued', 'running'))", ("@id", id)) == 1, cancellationToken);

    /// <summary>What the runs that a run asked for have cost, those that have not ended counted with all that they may cost.</summary>
    public Task<(double CostUsd, long Tokens)> SpentBelowAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection => connection.Query(
                """
                SELECT COALESCE(SUM(CASE WHEN ended_at IS NULL THEN MAX(COALESCE(cost_usd, 0.0), COALESCE(cost_limit_usd, 0.0)) ELSE cost_usd END), 0.0),
                    COALESCE(SUM(CASE WHEN ended_at IS NULL THEN MAX(COALESCE(input_tokens + output_tokens, 0), COALESCE(token_limit, 0)) ELSE input_tokens + output_tokens END), 0)
                FROM runs WHERE parent_run_id = @id
                """,
                static reader => (reader.GetDouble(0), reader.GetInt64(1)),
                ("@id", id))[0],
            cancellationToken);

    /// <summary>The attempts of a run, in order.</summary>
    public Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunAttempt>>(connection => AttemptRows.Of(connection, id), cancellationToken);

    /// <summary>What the outcome of a running run must show to count.</summary>
    internal Task<OutcomeProof> ProofAsync(Run run, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => AttemptRows.Proof(connection, run), cancellationToken);

    /// <summary>
    /// Keeps what an agent reported. False when the run is not running any more, or not in this attempt and under this lease, or when
    /// somebody else has reported it meanwhile.
    /// </summary>
    public Task<bool> TryReportAsync(Run run, RunReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        return database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET reported_outcome = @outcome, summary = @summary, findings = @findings, follow_ups = @followUps, questions = @questions
                WHERE id = @id AND state = 'running' AND attempt = @attempt AND lease_token IS @token
                  AND reported_outcome IS @before AND summary IS @said
                """,
                ("@id", run.Id),
                ("@attempt", run.Attempt),
                ("@before", run.ReportedOutcome?.Name()),
                ("@said", run.Summary),
                ("@token", run.Lease?.Token),
                ("@outcome", report.Outcome.Name()),
                ("@summary", report.Summary),
                ("@findings", WriteList(report.Findings)),
                ("@followUps", WriteList(report.FollowUps)),
                ("@questions", WriteList(report.Questions))) == 1,
            cancellationToken);
    }

    /// <summary>Puts a run that needs input back into the queue with the answers. False when it does not need any.</summary>
    public Task<bool> TryAnswerAsync(string id, IReadOnlyList<string> answers, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET state = 'queued', reason = 'its questions were answered', answers = @answers, reported_outcome = NULL, ended_at = NULL,
                    deadline_at = NULL, executor = NULL, lease_token = NULL, lease_kind = NULL, lease_owner = NULL, not_before = NULL
                WHERE id = @id AND state = 'needs_input'
                  AND (cycle_id IS NULL OR EXISTS (SELECT 1 FROM runs AS cycle WHERE cycle.id = runs.cycle_id AND cycle.state = 'running'))
                  AND NOT EXISTS (SELECT 1 FROM cycles WHERE cycles.run_id = runs.cycle_id AND verdict IS NOT NULL)
                """,
                ("@id", id),
                ("@answers", WriteList(answers))) == 1
                && InsertDecision(connection, id, now, "a person answered its questions; it goes on") == 1,
            cancellationToken);

    /// <summary>Notes that somebody asked for the end of a run. False when it has ended already.</summary>
    public Task<bool> TryRequestCancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE runs SET cancel_reason = COALESCE(cancel_reason, @reason) WHERE id = @id AND state IN ('queued', 'running')",
                ("@id", id),
                ("@reason", reason)) == 1,
            cancellationToken);

    /// <summary>Asks for the end of all that goes on below a run.</summary>
    /// <returns>Those of them that have not ended yet.</returns>
    public Task<IReadOnlyList<Run>> CancelBelowAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync<IReadOnlyList<Run>>((connection, _) => SubRunRows.Cancel(connection, id, reason), cancellationToken);

    /// <summary>Says of runs that the closing row, the memory entry, or both are written.</summary>
    public Task SettleAsync(IReadOnlyList<(string Id, bool Row, bool Memory)> settled, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settled);
        return database.WriteAsync(
            (connection, _) => settled.Sum(one => connection.Execute(
                "UPDATE runs SET stop_row_pending = CASE WHEN @row THEN 0 ELSE stop_row_pending END, memory_pending = CASE WHEN @memory THEN 0 ELSE memory_pending END WHERE id = @id",
                ("@id", one.Id),
                ("@row", one.Row),
                ("@memory", one.Memory))),
            cancellationToken);
    }

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
    /// Puts a run back into the queue that was taken and never begun, as if it had not been taken; the reason is its decision. False when
    /// that start of it is over, another has taken it since, or something was reported.
    /// </summary>
    /// <param name="taken">The run as it was taken.</param>
    /// <param name="now">The moment of the decision.</param>
    /// <param name="why">Its reason.</param>
    /// <param name="keepsStart">Whether its start row is written: it goes on in that, and owes its end.</param>
    /// <param name="cancellationToken">Gives up before the change.</param>
    public Task<bool> TryReturnAsync(Run taken, DateTimeOffset now, string why, bool keepsStart = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(taken);
        return database.WriteAsync(
            (connection, _) =>
            {
                var returned = connection.Execute(
                    """
                    UPDATE runs SET state = 'queued', reason = @why, attempt = attempt - 1, started_at = CASE WHEN attempt > 1 OR @keepsStart THEN started_at END,
                        attempt_started_at = (SELECT MAX(started_at) FROM attempts WHERE run_id = runs.id AND number < runs.attempt),
                        deadline_at = NULL, executor = NULL, lease_token = NULL, lease_kind = NULL, lease_owner = NULL
                    WHERE id = @id AND state = 'running' AND attempt = @attempt AND attempt_started_at IS @started AND executor IS @executor AND lease_token IS @token
                      AND reported_outcome IS NULL
                    """,
                    ("@id", taken.Id),
                    ("@attempt", taken.Attempt),
                    ("@started", taken.AttemptStartedAt),
                    ("@executor", taken.Executor),
                    ("@token", taken.Lease?.Token),
                    ("@keepsStart", keepsStart),
                    ("@why", why)) == 1;
                return returned && AttemptRows.Undo(connection, taken) + InsertDecision(connection, taken.Id, now, $"queued again: {why}") > 0;
            },
            cancellationToken);
    }

    /// <summary>The decisions about a run, in order.</summary>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunDecision>>(
            connection => connection.Query(
                "SELECT at, text FROM decisions WHERE run_id = @id ORDER BY id",
                reader => new RunDecision(reader.Moment("at")!.Value, reader.GetString(1)),
                ("@id", id)),
            cancellationToken);

    internal static bool TryStart(SqliteConnection connection, string id, RunStart start)
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
                SELECT COUNT(*) FROM runs AS other WHERE other.state = 'running' AND other.agent_kind NOT IN ('handoff', 'workflow') AND other.id NOT IN (SELECT id FROM above WHERE id IS NOT NULL)) < @most)
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

    internal static Run? Find(SqliteConnection connection, string id) =>
        connection.Query("SELECT * FROM runs WHERE id = @id", Map, ("@id", id)).FirstOrDefault();

    internal static int InsertDecision(SqliteConnection connection, string id, DateTimeOffset now, string text) =>
        connection.Execute("INSERT INTO decisions (run_id, at, text) VALUES (@id, @at, @text)", ("@id", id), ("@at", now), ("@text", Redactor.Process.Redact(text)));

    internal static int Insert(SqliteConnection connection, Run run) =>
        connection.Execute(
            """
            INSERT INTO runs (id, mode, task, agent, agent_kind, priority, schedule_id, parent_run_id, cycle_id, depth, state, reason, attempt, tries, timeout_seconds, created_at, started_at, attempt_started_at, deadline_at, executor, lease_token, lease_kind, lease_owner, cost_limit_usd, token_limit)
            VALUES (@id, @mode, @task, @agent, @kind, @priority, @schedule, @parent, @cycle, @depth, @state, @reason, @attempt, @tries, @timeout, @created, @started, @attemptStarted, @deadline, @executor, @token, @leaseKind, @leaseOwner, @costLimit, @tokenLimit)
            """,
            ("@id", run.Id),
            ("@mode", run.Mode),
            ("@task", run.Task),
            ("@agent", run.Agent),
            ("@kind", run.AgentKind.Name()),
            ("@priority", run.Priority.Name()),
            ("@schedule", run.ScheduleId),
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

    internal static string WriteList(IReadOnlyList<string> values) => JsonSerializer.Serialize(values, RunJson.Default.IReadOnlyListString);

    internal static IReadOnlyList<string> ReadList(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize(json, RunJson.Default.IReadOnlyListString) ?? [];
}
