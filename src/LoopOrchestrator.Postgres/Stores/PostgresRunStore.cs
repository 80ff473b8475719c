using System.Globalization;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The runs of one workspace. Safe for many threads.</summary>
internal sealed class PostgresRunStore(PostgresDatabase database) : IRunStore
{
    /// <inheritdoc/>
    public Task<Run?> FindAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => RunRows.Find(session, id), cancellationToken);

    /// <inheritdoc/>
    public Task AddAsync(Run run, string why, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return database.WriteAsync(session => Add(session, run, why), cancellationToken);
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
            session =>
            {
                var known = RequestRows.Enter(session, request, run.CreatedAt, run.Id, note);
                if (known is null)
                {
                    Add(session, run, why);
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
        return ReadRunsAsync(
            $"SELECT * FROM runs {RunFilterRows.Where(filter)} {RunFilterRows.Order}",
            RunFilterRows.Parameters(filter),
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> InStateAsync(RunState state, CancellationToken cancellationToken = default) =>
        ReadRunsAsync(
            $"SELECT * FROM runs WHERE workspace = @workspace AND state = @state ORDER BY {QueueRows.StartOrder}",
            [("@state", state.Name())],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<RunQueue> QueueAsync(int most, DateTimeOffset now, string? after, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => QueueRows.Read(session, most, now, after), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> CancelledInQueueAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(QueueRows.Cancelled, cancellationToken);

    /// <inheritdoc/>
    public Task<ScheduleRuns> ActiveBySchedulesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static session => new ScheduleRuns(
                session
                    .Query(
                        """
                        SELECT schedule_id FROM runs
                        WHERE workspace = @workspace AND state IN ('queued', 'running') AND schedule_id IS NOT NULL
                        """,
                        static row => row.At<string>(0)
                    )
                    .ToHashSet(StringComparer.Ordinal),
                session
                    .Query(
                        """
                        SELECT * FROM runs WHERE workspace = @workspace AND state = 'running' AND schedule_id IS NOT NULL
                        ORDER BY created_at
                        """,
                        RunFields.Map
                    )
                    .DistinctBy(static run => run.ScheduleId!, StringComparer.Ordinal)
                    .ToDictionary(static run => run.ScheduleId!, StringComparer.Ordinal)
            ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> PendingFinalizationAsync(CancellationToken cancellationToken = default) =>
        ReadRunsAsync(
            "SELECT * FROM runs WHERE workspace = @workspace AND (stop_row_pending OR memory_pending) ORDER BY ended_at NULLS FIRST",
            [],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<DateTimeOffset?> DueAtAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session
                    .Query(
                        """
                        SELECT last_due_at FROM occurrences
                        WHERE workspace = @workspace AND run_id = @id AND state = 'started' AND origin = 'schedule'
                        """,
                        static row => row.Moment("last_due_at"),
                        ("@id", id)
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> PastLimitAsync(int most, CancellationToken cancellationToken = default) =>
        ReadRunsAsync(
            """
            SELECT * FROM runs WHERE workspace = @workspace AND ended_at - started_at > timeout_seconds * interval '1 second'
            ORDER BY created_at DESC LIMIT @most
            """,
            [("@most", most)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<OpenQuestions>> OpenQuestionsAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<OpenQuestions>>(
            static session =>
                session.Query(
                    """
                    SELECT schedule_id, mode, id, n FROM (
                      SELECT schedule_id, mode, id, created_at, COUNT(*) OVER alike AS n,
                        ROW_NUMBER() OVER (alike ORDER BY created_at DESC, id DESC) AS place
                      FROM runs WHERE workspace = @workspace AND state = 'needs_input'
                      WINDOW alike AS (PARTITION BY schedule_id, CASE WHEN schedule_id IS NULL THEN mode END)) AS asking
                    WHERE place = 1 ORDER BY created_at DESC, id DESC
                    """,
                    static row => new OpenQuestions(row.Text("schedule_id"), row.Text("mode")!, row.Text("id")!, row.Integer("n")!.Value)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RunState, long>> CountAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<RunState, long>>(
            static session =>
                session
                    .Query("SELECT state, COUNT(*) FROM runs WHERE workspace = @workspace GROUP BY state", static row =>
                        (State: RunNames.State(row.At<string>(0))!.Value, Count: row.At<long>(1))
                    )
                    .ToDictionary(static pair => pair.State, static pair => pair.Count),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<long> CountWithoutReportAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static session =>
                session.Scalar(
                    """
                    SELECT COUNT(*) FROM runs
                    WHERE workspace = @workspace AND state = 'succeeded' AND agent_kind = 'cli' AND reported_outcome IS NULL
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
        ReadRunsAsync(
            """
            SELECT * FROM runs
            WHERE workspace = @workspace AND state IN ('failed', 'timed_out', 'interrupted') AND ended_at >= @since
              AND parent_run_id IS NULL
              AND (NOT @open OR NOT EXISTS (SELECT 1 FROM runs AS later
                WHERE later.workspace = @workspace AND later.state = 'succeeded' AND later.created_at >= runs.created_at
                  AND later.schedule_id IS NOT DISTINCT FROM runs.schedule_id
                  AND (runs.schedule_id IS NOT NULL OR (later.mode = runs.mode AND later.task = runs.task))))
            ORDER BY ended_at DESC, id DESC LIMIT @most
            """,
            [("@since", since), ("@open", isOpen), ("@most", most)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> SucceededSinceAsync(DateTimeOffset since, int most, CancellationToken cancellationToken = default) =>
        ReadRunsAsync(
            """
            SELECT runs.* FROM attempts JOIN runs
              ON runs.workspace = @workspace AND runs.id = attempts.run_id AND runs.attempt = attempts.number
            WHERE attempts.workspace = @workspace AND attempts.ended_at >= @since AND runs.state = 'succeeded'
              AND runs.parent_run_id IS NULL
            ORDER BY attempts.ended_at DESC LIMIT @most
            """,
            [("@since", since), ("@most", most)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<(double CostUsd, long Tokens)> SpentSinceAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => BudgetRows.SpentSince(session, since), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> FindLikeAsync(string head, string tail, int most, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(tail);
        return ReadRunsAsync(
            """
            SELECT * FROM runs
            WHERE workspace = @workspace AND length(id) >= length(@head) + length(@tail) AND starts_with(id, @head)
              AND right(id, length(@tail)) = @tail
            ORDER BY created_at DESC, id DESC LIMIT @most
            """,
            [("@head", head), ("@tail", tail), ("@most", most)],
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> SignedOutAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Run>>(
            static session =>
                session
                    .Query(
                        """
                        SELECT * FROM runs WHERE workspace = @workspace AND failure = 'sign_in' AND state = 'failed'
                          AND NOT EXISTS (SELECT 1 FROM runs AS later WHERE later.workspace = @workspace AND later.agent = runs.agent
                            AND later.state = 'succeeded' AND later.ended_at > runs.ended_at)
                        ORDER BY ended_at DESC NULLS LAST LIMIT 100
                        """,
                        RunFields.Map
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
            session =>
            {
                var taken = new List<Run>();
                var isFull = false;
                foreach (var (id, start) in starts.Where(one => !isFull || one.Start.IsSubRun))
                {
                    if (RunRows.TryStart(session, id, start))
                    {
                        taken.Add(RunRows.Find(session, id)! with { LeaseToken = start.LeaseToken });
                    }

                    // Thousands may be behind: what can only be refused is not asked for.
                    isFull = isFull || !QueueRows.IsPlaceFree(session, start.MaxRunning);
                }

                return taken;
            },
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default) =>
        ReadRunsAsync(
            $"""
            {SubRunRows.Below} SELECT * FROM runs WHERE workspace = @workspace AND id IN (SELECT id FROM below)
            ORDER BY created_at, id LIMIT {IRunStore.MaxSubRuns}
            """,
            [("@id", id)],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> GoesOnBelowAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session.Holds(
                    $"""
                    {SubRunRows.Below} SELECT EXISTS (SELECT 1 FROM runs
                      WHERE workspace = @workspace AND id IN (SELECT id FROM below) AND state IN ('queued', 'running'))
                    """,
                    ("@id", id)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<(double CostUsd, long Tokens)> SpentBelowAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session.Query(
                    """
                    SELECT
                      COALESCE(SUM(CASE WHEN ended_at IS NULL THEN GREATEST(cost_usd, cost_limit_usd, 0) ELSE cost_usd END), 0),
                      COALESCE(SUM(CASE WHEN ended_at IS NULL THEN GREATEST(input_tokens + output_tokens, token_limit, 0)
                        ELSE input_tokens + output_tokens END), 0)::bigint
                    FROM runs WHERE workspace = @workspace AND parent_run_id = @id
                    """,
                    static row => (row.At<double>(0), row.At<long>(1)),
                    ("@id", id)
                )[0],
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunAttempt>>(session => AttemptRows.Of(session, id), cancellationToken);

    /// <inheritdoc/>
    public Task<OutcomeProof> ProofAsync(Run run, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => AttemptRows.Proof(session, run), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryReportAsync(Run run, RunReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        return database.WriteAsync(session => Report(session, run, report), cancellationToken);
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
            session =>
                RequestRows.Find(session, request) is null
                && Report(session, run, report)
                && RequestRows.Enter(session, request, now, run.Id, run.Attempt.ToString(CultureInfo.InvariantCulture)) is null,
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
            session =>
                session.Execute(
                    """
                    UPDATE runs SET state = 'queued', reason = 'its questions were answered', answers = @answers, reported_outcome = NULL,
                      ended_at = NULL, deadline_at = NULL, executor = NULL, lease_token = NULL, lease_kind = NULL, lease_owner = NULL,
                      not_before = NULL
                    WHERE workspace = @workspace AND id = @id AND state = 'needs_input'
                      AND (cycle_id IS NULL OR EXISTS (SELECT 1 FROM runs AS cycle
                        WHERE cycle.workspace = @workspace AND cycle.id = runs.cycle_id AND cycle.state = 'running'))
                      AND NOT EXISTS (SELECT 1 FROM cycles
                        WHERE cycles.workspace = @workspace AND cycles.run_id = runs.cycle_id AND verdict IS NOT NULL)
                    """,
                    ("@id", id),
                    ("@answers", TextLists.Write(answers))
                ) == 1
                && RunRows.InsertDecision(session, id, now, "a person answered its questions; it goes on") == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TryRequestCancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    UPDATE runs SET cancel_reason = COALESCE(cancel_reason, @reason)
                    WHERE workspace = @workspace AND id = @id AND state IN ('queued', 'running')
                    """,
                    ("@id", id),
                    ("@reason", reason)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Run>> CancelBelowAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => SubRunRows.Cancel(session, id, reason), cancellationToken);

    /// <inheritdoc/>
    public Task ClearPendingAsync(IReadOnlyList<(string Id, bool Row, bool Memory)> settled, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(settled);
        return database.WriteAsync(
            session =>
                settled.Sum(one =>
                    session.Execute(
                        """
                        UPDATE runs SET stop_row_pending = stop_row_pending AND NOT @row, memory_pending = memory_pending AND NOT @memory
                        WHERE workspace = @workspace AND id = @id
                        """,
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
        database.WriteAsync(session => RunRows.InsertDecision(session, id, now, text), cancellationToken);

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
                session =>
                    !session.Holds(
                        "SELECT EXISTS (SELECT 1 FROM decisions WHERE workspace = @workspace AND run_id = @id AND text = @text)",
                        ("@id", id),
                        ("@text", clean)
                    )
                    && RunRows.InsertDecision(session, id, at, clean, code) == 1,
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
            session =>
                session.Execute(
                    """
                    UPDATE runs SET state = 'queued', reason = @why, attempt = attempt - 1,
                      started_at = CASE WHEN attempt > 1 OR @keepsStart THEN started_at END,
                      attempt_started_at = (SELECT MAX(started_at) FROM attempts
                        WHERE workspace = @workspace AND run_id = runs.id AND number < runs.attempt),
                      deadline_at = NULL, executor = NULL, lease_token = NULL, lease_kind = NULL, lease_owner = NULL
                    WHERE workspace = @workspace AND id = @id AND state = 'running' AND attempt = @attempt
                      AND attempt_started_at IS NOT DISTINCT FROM @started::timestamptz
                      AND executor IS NOT DISTINCT FROM @executor::text AND lease_token IS NOT DISTINCT FROM @token::text
                      AND reported_outcome IS NULL
                    """,
                    ("@id", taken.Id),
                    ("@attempt", taken.Attempt),
                    ("@started", taken.AttemptStartedAt),
                    ("@executor", taken.Executor),
                    ("@token", taken.Lease?.Token),
                    ("@keepsStart", keepsStart),
                    ("@why", why)
                ) == 1
                && AttemptRows.Undo(session, taken) + RunRows.InsertDecision(session, taken.Id, now, $"queued again: {why}", code) > 0,
            cancellationToken
        );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<RunDecision>>(
            session =>
                session.Query(
                    "SELECT at, text, code FROM decisions WHERE workspace = @workspace AND run_id = @id ORDER BY id",
                    AttemptFields.MapDecision,
                    ("@id", id)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<RunEnded?> EndAttemptAsync(string id, RunEnd end, RunEndPolicy policy, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => RunEndEntry.Apply(new PostgresRunEndTable(session), id, end, policy), cancellationToken);

    /// <inheritdoc/>
    public Task<RunLoad> LoadAsync(RunLimits limits, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session => new RunLoad(
                session.Scalar("SELECT COUNT(*) FROM runs WHERE workspace = @workspace AND state = 'queued'"),
                // Not further than the limit: with a high one, an hour has many.
                session.Scalar(
                    """
                    SELECT COUNT(*) FROM (
                      SELECT 1 FROM runs WHERE workspace = @workspace AND created_at > @since AND created_at <= @now LIMIT @limit) AS lately
                    """,
                    ("@since", now.AddHours(-1)),
                    ("@now", now),
                    ("@limit", limits.RunsPerHour)
                ),
                RunEndEntry.ReachedByAll(new PostgresRunEndTable(session), limits.Budget, now)
            ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> IsKnownAsync(string id, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session => session.Holds("SELECT EXISTS (SELECT 1 FROM runs WHERE workspace = @workspace AND id = @id)", ("@id", id)),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> EndedBeforeAsync(Run run, int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<string>>(
            session =>
                session.Query(
                    """
                    SELECT id FROM runs
                    WHERE workspace = @workspace AND ended_at < @started AND state NOT IN ('queued', 'running')
                      AND NOT EXISTS (SELECT 1 FROM decisions
                        WHERE decisions.workspace = @workspace AND decisions.run_id = runs.id AND decisions.id >= (
                          SELECT MIN(decisions.id) FROM decisions WHERE decisions.workspace = @workspace AND decisions.run_id = @id))
                    ORDER BY created_at DESC LIMIT @most
                    """,
                    static row => row.At<string>(0),
                    ("@id", run.Id),
                    ("@started", run.StartedAt),
                    ("@most", most)
                ),
            cancellationToken
        );

    private static int Add(PostgresSession session, Run run, string why) =>
        RunRows.Insert(session, run) + RunRows.InsertDecision(session, run.Id, run.CreatedAt, why);

    private static bool Report(PostgresSession session, Run run, RunReport report) =>
        session.Execute(
            """
            UPDATE runs SET reported_outcome = @outcome, summary = @summary, findings = @findings, follow_ups = @followUps,
              questions = @questions
            WHERE workspace = @workspace AND id = @id AND state = 'running' AND attempt = @attempt
              AND lease_token IS NOT DISTINCT FROM @token::text AND reported_outcome IS NOT DISTINCT FROM @before::text
              AND summary IS NOT DISTINCT FROM @said::text
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

    private Task<IReadOnlyList<Run>> ReadRunsAsync(
        string sql,
        (string Name, object? Value)[] parameters,
        CancellationToken cancellationToken
    ) => database.ReadAsync<IReadOnlyList<Run>>(session => session.Query(sql, RunFields.Map, parameters), cancellationToken);
}
