using System.Globalization;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The runs of one workspace in its database. Safe for many threads.</summary>
internal sealed class SqliteRunStore(StateDatabase database) : IRunStore
{
    /// <inheritdoc/>
    public Task<Run?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => RunRows.Find(connection, id), cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(Run run, string why, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.WriteAsync((connection, _) => Add(connection, run, why), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RecordedRequest?> AddAsync(
        Run run,
        string why,
        RequestKey request,
        string? note,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.WriteAsync(
            (connection, _) =>
            {
                var known = RequestRows.Enter(connection, request, run.CreatedAt, run.Id, note);
                if (known is null)
                {
                    Add(connection, run, why);
                }

                return known;
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    $"SELECT * FROM runs {RunFilterRows.Where(filter)} {RunFilterRows.Order}",
                    RunRows.Map,
                    RunFilterRows.Parameters(filter)
                ),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> InStateAsync(RunState state, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    $"SELECT * FROM runs WHERE state = @state ORDER BY {QueueRows.StartOrder}",
                    RunRows.Map,
                    ("@state", state.Name())
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<RunQueue> QueueAsync(int most, DateTimeOffset now, string? after, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => QueueRows.Read(connection, most, now, after), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> CancelledInQueueAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(QueueRows.Cancelled, cancellationToken);

    /// <inheritdoc/>
    public Task<ScheduleRuns> ActiveBySchedulesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static connection => new ScheduleRuns(
                connection
                    .Query("SELECT schedule_id FROM runs WHERE state IN ('queued', 'running') AND schedule_id IS NOT NULL", static reader =>
                        reader.GetString(0)
                    )
                    .ToHashSet(StringComparer.Ordinal),
                connection
                    .Query("SELECT * FROM runs WHERE state = 'running' AND schedule_id IS NOT NULL ORDER BY created_at", RunRows.Map)
                    .DistinctBy(static run => run.ScheduleId!, StringComparer.Ordinal)
                    .ToDictionary(static run => run.ScheduleId!, StringComparer.Ordinal)
            ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> PendingFinalizationAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query("SELECT * FROM runs WHERE stop_row_pending = 1 OR memory_pending = 1 ORDER BY ended_at", RunRows.Map),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<DateTimeOffset?> DueAtAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection
                    .Query(
                        "SELECT last_due_at FROM occurrences WHERE run_id = @id AND state = 'started' AND origin = 'schedule'",
                        static reader => reader.Moment("last_due_at"),
                        ("@id", id)
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> PastLimitAsync(int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    "SELECT * FROM runs WHERE ended_at - started_at > timeout_seconds * 1000 ORDER BY created_at DESC LIMIT @most",
                    RunRows.Map,
                    ("@most", most)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<OpenQuestions>> OpenQuestionsAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<OpenQuestions>>(
            static connection =>
                connection.Query(
                    // Beside MAX, SQLite takes the other columns of a group from the row that has it.
                    """
                    SELECT schedule_id, mode, id, MAX(created_at) AS latest, COUNT(*) AS n FROM runs WHERE state = 'needs_input'
                    GROUP BY schedule_id, CASE WHEN schedule_id IS NULL THEN mode END ORDER BY latest DESC, id DESC
                    """,
                    static reader => new OpenQuestions(
                        reader.Text("schedule_id"),
                        reader.Text("mode")!,
                        reader.Text("id")!,
                        reader.Integer("n")!.Value
                    )
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RunState, long>> CountAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<RunState, long>>(
            connection =>
                connection
                    .Query("SELECT state, COUNT(*) AS n FROM runs GROUP BY state", reader =>
                        (RunNames.State(reader.GetString(0))!.Value, reader.GetInt64(1))
                    )
                    .ToDictionary(static pair => pair.Item1, static pair => pair.Item2),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<long> CountWithoutReportAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static connection =>
                connection.Scalar(
                    // By an index of these alone, whose entries are counted and whose runs are not read.
                    """
                    SELECT COUNT(*) FROM runs INDEXED BY runs_without_report
                    WHERE state = 'succeeded' AND agent_kind = 'cli' AND reported_outcome IS NULL
                    """
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> FailedSinceAsync(
        DateTimeOffset since,
        bool isOpen,
        int most,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    """
                    SELECT * FROM runs INDEXED BY runs_failed
                    WHERE state IN ('failed', 'timed_out', 'interrupted') AND ended_at >= @since AND parent_run_id IS NULL
                      AND (@open = 0 OR NOT EXISTS (SELECT 1 FROM runs AS later
                        WHERE later.state = 'succeeded' AND later.created_at >= runs.created_at AND later.schedule_id IS runs.schedule_id
                          AND (runs.schedule_id IS NOT NULL OR (later.mode = runs.mode AND later.task = runs.task))))
                    ORDER BY ended_at DESC, id DESC LIMIT @most
                    """,
                    RunRows.Map,
                    ("@since", since),
                    ("@open", isOpen ? 1 : 0),
                    ("@most", most)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> SucceededSinceAsync(DateTimeOffset since, int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    // By the ends of attempts, which have an index: one of runs would cost a megabyte for as many as are kept.
                    """
                    SELECT r.* FROM attempts AS a INDEXED BY attempts_by_end
                    CROSS JOIN runs AS r ON r.id = a.run_id AND r.attempt = a.number
                    WHERE a.ended_at >= @since AND r.state = 'succeeded' AND r.parent_run_id IS NULL
                    ORDER BY a.ended_at DESC LIMIT @most
                    """,
                    RunRows.Map,
                    ("@since", since),
                    ("@most", most)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<(double CostUsd, long Tokens)> SpentSinceAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => BudgetRows.SpentSince(connection, since), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> FindLikeAsync(string head, string tail, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tail);
        return database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    """
                    SELECT * FROM runs
                    WHERE length(id) >= length(@head) + length(@tail) AND substr(id, 1, length(@head)) = @head
                      AND substr(id, length(id) - length(@tail) + 1) = @tail
                    ORDER BY created_at DESC, id DESC LIMIT @most
                    """,
                    RunRows.Map,
                    ("@head", head),
                    ("@tail", tail),
                    ("@most", most)
                ),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> SignedOutAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            static connection =>
                connection
                    .Query(
                        // By the index of these few, and not by that of all that failed.
                        """
                        SELECT * FROM runs WHERE failure = 'sign_in' AND +state = 'failed'
                          AND NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.agent = runs.agent AND later.state = 'succeeded'
                            AND later.ended_at > runs.ended_at)
                        ORDER BY ended_at DESC LIMIT 100
                        """,
                        RunRows.Map
                    )
                    .DistinctBy(static run => run.Agent, StringComparer.Ordinal)
                    .ToList(),
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task<bool> TryStartAsync(string id, RunStart start, CancellationToken cancellationToken = default) =>
        (await StartAsync([(id, start)], cancellationToken)).Count == 1;

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> StartAsync(
        IReadOnlyList<(string Id, RunStart Start)> starts,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(starts);
        return database.WriteAsync<IReadOnlyList<Run>>(
            (connection, _) =>
            {
                var taken = new List<Run>();
                var isFull = false;
                foreach (var (id, start) in starts.Where(one => !isFull || one.Start.IsSubRun))
                {
                    if (RunRows.TryStart(connection, id, start))
                    {
                        taken.Add(RunRows.Find(connection, id)! with { LeaseToken = start.LeaseToken });
                    }

                    // Thousands may be behind: what can only be refused is not asked for.
                    isFull = isFull || !QueueRows.IsPlaceFree(connection, start.MaxRunning);
                }

                return taken;
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            connection =>
                connection.Query(
                    $"{SubRunRows.Below} SELECT * FROM runs WHERE id IN below ORDER BY created_at, id LIMIT {IRunStore.MaxSubRuns}",
                    RunRows.Map,
                    ("@id", id)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> GoesOnBelowAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection.Scalar(
                    $"{SubRunRows.Below} SELECT EXISTS (SELECT 1 FROM runs WHERE id IN below AND state IN ('queued', 'running'))",
                    ("@id", id)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<(double CostUsd, long Tokens)> SpentBelowAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection.Query(
                    """
                    SELECT COALESCE(SUM(CASE WHEN ended_at IS NULL THEN MAX(COALESCE(cost_usd, 0.0), COALESCE(cost_limit_usd,
                      0.0)) ELSE cost_usd END), 0.0),
                        COALESCE(SUM(CASE WHEN ended_at IS NULL THEN MAX(COALESCE(input_tokens + output_tokens, 0), COALESCE(token_limit,
                          0)) ELSE input_tokens + output_tokens END), 0)
                    FROM runs WHERE parent_run_id = @id
                    """,
                    static reader => (reader.GetDouble(0), reader.GetInt64(1)),
                    ("@id", id)
                )[0],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunAttempt>>(connection => AttemptRows.Of(connection, id), cancellationToken);

    /// <inheritdoc/>
    public Task<OutcomeProof> ProofAsync(Run run, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => AttemptRows.Proof(connection, run), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryReportAsync(Run run, RunReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        return database.WriteAsync((connection, _) => Report(connection, run, report), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<bool> TryReportAsync(
        Run run,
        RunReport report,
        RequestKey request,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        return database.WriteAsync(
            (connection, _) =>
                RequestRows.Find(connection, request) is null
                && Report(connection, run, report)
                && RequestRows.Enter(connection, request, now, run.Id, run.Attempt.ToString(CultureInfo.InvariantCulture)) is null,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<bool> TryAnswerAsync(
        string id,
        IReadOnlyList<string> answers,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    """
                    UPDATE runs SET state = 'queued', reason = 'its questions were answered', answers = @answers, reported_outcome = NULL,
                      ended_at = NULL,
                        deadline_at = NULL, executor = NULL, lease_token = NULL, lease_kind = NULL, lease_owner = NULL, not_before = NULL
                    WHERE id = @id AND state = 'needs_input'
                      AND (cycle_id IS NULL OR EXISTS (SELECT 1 FROM runs AS cycle WHERE cycle.id = runs.cycle_id
                        AND cycle.state = 'running'))
                      AND NOT EXISTS (SELECT 1 FROM cycles WHERE cycles.run_id = runs.cycle_id AND verdict IS NOT NULL)
                    """,
                    ("@id", id),
                    ("@answers", TextLists.Write(answers))
                ) == 1
                && RunRows.InsertDecision(connection, id, now, "a person answered its questions; it goes on") == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryRequestCancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    "UPDATE runs SET cancel_reason = COALESCE(cancel_reason, @reason) WHERE id = @id AND state IN ('queued', 'running')",
                    ("@id", id),
                    ("@reason", reason)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> CancelBelowAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync<IReadOnlyList<Run>>((connection, _) => SubRunRows.Cancel(connection, id, reason), cancellationToken);

    /// <inheritdoc/>
    public Task ClearPendingAsync(IReadOnlyList<(string Id, bool Row, bool Memory)> settled, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settled);
        return database.WriteAsync(
            (connection, _) =>
                settled.Sum(one =>
                    connection.Execute(
                        "UPDATE runs SET stop_row_pending = CASE WHEN @row THEN 0 ELSE stop_row_pending END, "
                            + "memory_pending = CASE WHEN @memory THEN 0 ELSE memory_pending END WHERE id = @id",
                        ("@id", one.Id),
                        ("@row", one.Row),
                        ("@memory", one.Memory)
                    )
                ),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task DecideAsync(string id, DateTimeOffset now, string text, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => RunRows.InsertDecision(connection, id, now, text), cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> TryDecideOnceAsync(
        string id,
        DateTimeOffset at,
        string text,
        RunDecisionCode? code = null,
        CancellationToken cancellationToken = default
    )
    {
        var clean = database.Redactor.Redact(text);
        return !(await DecisionsAsync(id, cancellationToken)).Any(decision => decision.Text == clean)
            && await database.WriteAsync(
                (connection, _) =>
                    connection.Execute(
                        """
                        INSERT INTO decisions (run_id, at, text, code) SELECT @id, @at, @text, @code
                        WHERE NOT EXISTS (SELECT 1 FROM decisions WHERE run_id = @id AND text = @text)
                        """,
                        ("@id", id),
                        ("@at", at),
                        ("@text", clean),
                        ("@code", code?.Name())
                    ) == 1,
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public Task<bool> TryReturnAsync(
        Run taken,
        DateTimeOffset now,
        string why,
        bool keepsStart = false,
        RunDecisionCode? code = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(taken);
        return database.WriteAsync(
            (connection, _) =>
            {
                var returned =
                    connection.Execute(
                        """
                        UPDATE runs SET state = 'queued', reason = @why, attempt = attempt - 1,
                          started_at = CASE WHEN attempt > 1 OR @keepsStart THEN started_at END,
                            attempt_started_at = (SELECT MAX(started_at) FROM attempts WHERE run_id = runs.id AND number < runs.attempt),
                            deadline_at = NULL, executor = NULL, lease_token = NULL, lease_kind = NULL, lease_owner = NULL
                        WHERE id = @id AND state = 'running' AND attempt = @attempt AND attempt_started_at IS @started
                          AND executor IS @executor AND lease_token IS @token
                          AND reported_outcome IS NULL
                        """,
                        ("@id", taken.Id),
                        ("@attempt", taken.Attempt),
                        ("@started", taken.AttemptStartedAt),
                        ("@executor", taken.Executor),
                        ("@token", taken.Lease?.Token),
                        ("@keepsStart", keepsStart),
                        ("@why", why)
                    ) == 1;
                return returned
                    && AttemptRows.Undo(connection, taken) + RunRows.InsertDecision(connection, taken.Id, now, $"queued again: {why}", code)
                        > 0;
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunDecision>>(
            connection =>
                connection.Query(
                    "SELECT at, text, code FROM decisions WHERE run_id = @id ORDER BY id",
                    static reader => AttemptFields.MapDecision(new SqliteRow(reader)),
                    ("@id", id)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<RunEnded?> EndAttemptAsync(string id, RunEnd end, RunEndPolicy policy, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => RunEndEntry.Apply(new SqliteRunEndTable(connection), id, end, policy), cancellationToken);

    /// <inheritdoc/>
    public Task<RunLoad> LoadAsync(RunLimits limits, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection => new RunLoad(
                connection.Scalar("SELECT COUNT(*) FROM runs WHERE state = 'queued'"),
                // Not further than the limit: with a high one, an hour has many.
                connection.Scalar(
                    "SELECT COUNT(*) FROM (SELECT 1 FROM runs WHERE created_at > @since AND created_at <= @now LIMIT @limit)",
                    ("@since", now.AddHours(-1)),
                    ("@now", now),
                    ("@limit", limits.RunsPerHour)
                ),
                RunEndEntry.ReachedByAll(new SqliteRunEndTable(connection), limits.Budget, now)
            ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> IsKnownAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection => connection.Scalar("SELECT EXISTS (SELECT 1 FROM runs WHERE id = @id)", ("@id", id)) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> EndedBeforeAsync(Run run, int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<string>>(
            connection =>
                connection.Query(
                    """
                    SELECT id FROM runs
                    WHERE ended_at IS NOT NULL AND ended_at < @started AND state NOT IN ('queued', 'running')
                      AND NOT EXISTS (
                        SELECT 1 FROM decisions WHERE run_id = runs.id AND decisions.id >= (SELECT MIN(id) FROM decisions
                          WHERE run_id = @id))
                    ORDER BY created_at DESC LIMIT @most
                    """,
                    static reader => reader.GetString(0),
                    ("@id", run.Id),
                    ("@started", run.StartedAt),
                    ("@most", most)
                ),
            cancellationToken
        );

    private static int Add(SqliteConnection connection, Run run, string why) =>
        RunRows.Insert(connection, run) + RunRows.InsertDecision(connection, run.Id, run.CreatedAt, why);

    private static bool Report(SqliteConnection connection, Run run, RunReport report) =>
        connection.Execute(
            """
            UPDATE runs SET reported_outcome = @outcome, summary = @summary, findings = @findings, follow_ups = @followUps,
              questions = @questions
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
            ("@findings", TextLists.Write(report.Findings)),
            ("@followUps", TextLists.Write(report.FollowUps)),
            ("@questions", TextLists.Write(report.Questions))
        ) == 1;
}
