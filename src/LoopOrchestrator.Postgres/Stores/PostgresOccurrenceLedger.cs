using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The ledger. Safe for many threads.</summary>
internal sealed class PostgresOccurrenceLedger(PostgresDatabase database) : IOccurrenceLedger
{
    private const string WithRuns = """
        SELECT o.*, r.state AS run_state FROM occurrences AS o LEFT JOIN runs AS r ON r.workspace = @workspace AND r.id = o.run_id
        """;

    private const string TheCheck =
        "workspace = @workspace AND schedule_id = @id AND due_at = @due AND state = 'checking' AND checking = @attempt";

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, ScheduleState>>(
            static session =>
                session
                    .Query("SELECT * FROM schedules WHERE workspace = @workspace", static row =>
                        (Id: row.Text("id")!, State: OccurrenceFields.MapState(row))
                    )
                    .ToDictionary(static row => row.Id, static row => row.State, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> EnteredSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlySet<string>>(
            session =>
                session
                    .Query(
                        "SELECT id FROM schedules WHERE workspace = @workspace AND last_due_at >= @moment",
                        static row => row.At<string>(0),
                        ("@moment", moment)
                    )
                    .ToHashSet(StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Occurrence>> OldestOpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, Occurrence>>(
            static session =>
                session
                    .Query(
                        // What is ready comes before what is being checked, however old that is.
                        """
                        SELECT DISTINCT ON (schedule_id) * FROM occurrences
                        WHERE workspace = @workspace AND state IN ('waiting', 'checking')
                        ORDER BY schedule_id, state DESC, due_at
                        """,
                        OccurrenceFields.Map
                    )
                    .ToDictionary(static row => row.ScheduleId, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<DueCount> CountDueAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
            {
                var behind = session.Query(
                    """
                    SELECT COALESCE(SUM(count), 0)::bigint, COALESCE(SUM(count) FILTER (WHERE outcome IS NULL), 0)::bigint
                    FROM occurrences WHERE workspace = @workspace AND due_at >= @since AND origin = 'schedule'
                    """,
                    static row => new DueCount(row.At<long>(0), row.At<long>(1)),
                    ("@since", since)
                )[0];
                var across = session
                    .Query(
                        """
                        SELECT o.* FROM schedules AS s CROSS JOIN LATERAL (
                            SELECT * FROM occurrences
                            WHERE workspace = @workspace AND schedule_id = s.id AND due_at < @since AND origin = 'schedule'
                            ORDER BY due_at DESC LIMIT 1) AS o
                        WHERE s.workspace = @workspace AND o.last_due_at >= @since AND o.outcome IS NOT NULL
                        """,
                        OccurrenceFields.Map,
                        ("@since", since)
                    )
                    .Sum(row => OccurrenceFields.ShareSince(row, since));
                var open = session.Scalar(
                    """
                    SELECT COALESCE(SUM(count), 0)::bigint FROM occurrences
                    WHERE workspace = @workspace AND state IN ('waiting', 'checking') AND due_at < @since AND origin = 'schedule'
                    """,
                    ("@since", since)
                );
                return new DueCount(behind.Due + across + open, behind.Waiting + open);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<FireResult?> EnterAsync(FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => OccurrenceEntry.Enter(new PostgresOccurrenceTable(session), request), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FireResult?>> EnterAsync(
        IReadOnlyList<FireRequest> requests,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync<IReadOnlyList<FireResult?>>(
            session =>
            {
                var rows = new PostgresOccurrenceTable(session);
                return [.. requests.Select(request => OccurrenceEntry.Enter(rows, request))];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> StartWaitingAsync(
        string scheduleId,
        Run run,
        string why,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session => OccurrenceEntry.StartWaiting(new PostgresOccurrenceTable(session), scheduleId, run, why, now),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task TriggerAsync(string scheduleId, Run run, string why, CancellationToken cancellationToken = default) =>
        database.WriteAsync(session => Trigger(session, scheduleId, run, why), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordedRequest?> TriggerAsync(
        string scheduleId,
        Run run,
        string why,
        RequestKey request,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
            {
                var known = RequestRows.Enter(session, request, run.CreatedAt, run.Id, note: null);
                if (known is null)
                {
                    Trigger(session, scheduleId, run, why);
                }

                return known;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RecordFirstSeenAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    INSERT INTO schedules AS known (workspace, id, seen_at) VALUES (@workspace, @id, @now)
                    ON CONFLICT (workspace, id) DO UPDATE SET seen_at = COALESCE(known.seen_at, excluded.seen_at)
                    """,
                    ("@id", scheduleId),
                    ("@now", now)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RecordFingerprintAsync(
        string scheduleId,
        string timing,
        DateTimeOffset? since,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    INSERT INTO schedules AS known (workspace, id, timing, since_at, seen_at)
                    VALUES (@workspace, @id, @timing, @since::timestamptz, @since::timestamptz)
                    ON CONFLICT (workspace, id) DO UPDATE SET timing = excluded.timing,
                      since_at = COALESCE(excluded.since_at, known.since_at), seen_at = COALESCE(excluded.seen_at, known.seen_at)
                    """,
                    ("@id", scheduleId),
                    ("@timing", timing),
                    ("@since", since)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RewindAsync(
        DateTimeOffset now,
        Func<Occurrence, (DateTimeOffset Last, long Count)> passed,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    """
                    DELETE FROM occurrences
                    WHERE workspace = @workspace AND due_at > @now AND state IN ('skipped', 'coalesced', 'missed')
                    """,
                    ("@now", now)
                );
                foreach (
                    var row in session.Query(
                        """
                        SELECT * FROM occurrences
                        WHERE workspace = @workspace AND due_at <= @now AND last_due_at > @now AND count > 1
                        """,
                        OccurrenceFields.Map,
                        ("@now", now)
                    )
                )
                {
                    var (last, count) = passed(row);
                    session.Execute(
                        """
                        UPDATE occurrences SET last_due_at = @last, count = @count
                        WHERE workspace = @workspace AND schedule_id = @id AND due_at = @due
                        """,
                        ("@last", last),
                        ("@count", count),
                        ("@id", row.ScheduleId),
                        ("@due", row.DueAt)
                    );
                }

                session.Execute(
                    """
                    UPDATE schedules SET last_due_at = GREATEST(removed_until, COALESCE(
                        (SELECT MAX(o.last_due_at) FROM occurrences AS o
                         WHERE o.workspace = @workspace AND o.schedule_id = schedules.id AND o.last_due_at <= @now
                           AND o.origin = 'schedule'), @now))
                    WHERE workspace = @workspace AND last_due_at > @now
                    """,
                    ("@now", now)
                );
                // Not by the least of both: of nothing and a moment that is the moment.
                return session.Execute(
                    """
                    UPDATE schedules SET since_at = CASE WHEN since_at > @now THEN @now ELSE since_at END,
                      seen_at = CASE WHEN seen_at > @now THEN @now ELSE seen_at END,
                      resumed_at = CASE WHEN resumed_at > @now THEN @now ELSE resumed_at END
                    WHERE workspace = @workspace AND (since_at > @now OR seen_at > @now OR resumed_at > @now)
                    """,
                    ("@now", now)
                );
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> CheckingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            static session =>
                session.Query(
                    "SELECT * FROM occurrences WHERE workspace = @workspace AND state = 'checking' ORDER BY due_at",
                    OccurrenceFields.Map
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<FireResult?> RecordCheckAsync(Occurrence occurrence, FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"DELETE FROM occurrences WHERE {TheCheck}",
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking)
                ) == 0
                    ? null
                    : OccurrenceEntry.Checked(new PostgresOccurrenceTable(session), request),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> BeginCheckAsync(Occurrence occurrence, string folder, string hash, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE occurrences SET check_folder = @folder, check_hash = @hash, reason = @reason
                    WHERE {TheCheck} AND check_folder IS NULL
                    """,
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking),
                    ("@folder", folder),
                    ("@hash", hash),
                    ("@reason", OverlapRules.Asked)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HoldCheckAsync(Occurrence occurrence, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"UPDATE occurrences SET reason = @reason WHERE {TheCheck} AND check_folder IS NULL",
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking),
                    ("@reason", reason)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DroppedChecksAsync(string scheduleId, int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<string>>(
            session =>
                session.Query(
                    """
                    SELECT check_folder FROM occurrences
                    WHERE workspace = @workspace AND schedule_id = @id AND state NOT IN ('waiting', 'checking')
                      AND check_folder IS NOT NULL
                    ORDER BY due_at DESC LIMIT @most
                    """,
                    static row => row.At<string>(0),
                    ("@id", scheduleId),
                    ("@most", most)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task CheckAgainAsync(Occurrence occurrence, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"UPDATE occurrences SET checking = checking + 1, check_folder = NULL, check_hash = NULL WHERE {TheCheck}",
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task DropWaitingAsync(string scheduleId, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
            {
                OccurrenceRows.Measure(session, OccurrenceOutcome.Skipped, OccurrenceRows.CountOpen(session, scheduleId));
                return session.Execute(
                    """
                    UPDATE occurrences SET outcome = 'skipped', reason = @reason, decided_at = @now
                    WHERE workspace = @workspace AND state IN ('waiting', 'checking') AND schedule_id = @id
                    """,
                    ("@id", scheduleId),
                    ("@reason", reason),
                    ("@now", now)
                );
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> HistoryAsync(string? scheduleId, int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            session =>
                session.Query(
                    $"{WithRuns} WHERE o.workspace = @workspace {(scheduleId is null ? "" : "AND o.schedule_id = @id")} "
                        + "ORDER BY o.due_at DESC LIMIT @limit",
                    OccurrenceFields.MapWithRun,
                    ("@id", scheduleId),
                    ("@limit", limit)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<OccurrenceSlot>> SlotsAsync(
        string? scheduleId,
        DateTimeOffset from,
        DateTimeOffset until,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyList<OccurrenceSlot>>(
            session =>
            {
                var ofOne = scheduleId is null ? "" : "AND s.id = @id";
                var single = session.Query(
                    $"""
                    SELECT o.schedule_id, MIN(o.due_at) AS at, o.outcome, r.state AS run_state, COUNT(*) AS n
                    FROM schedules AS s
                    JOIN occurrences AS o
                      ON o.workspace = @workspace AND o.schedule_id = s.id AND o.due_at >= @from AND o.due_at < @to
                    LEFT JOIN runs AS r ON r.workspace = @workspace AND r.id = o.run_id
                    WHERE s.workspace = @workspace {ofOne} AND o.origin = 'schedule' AND o.count = 1
                    GROUP BY o.schedule_id, (EXTRACT(EPOCH FROM o.due_at) * 1000)::bigint / @length, o.outcome, r.state
                    """,
                    OccurrenceFields.MapSlot,
                    ("@id", scheduleId),
                    ("@from", from),
                    ("@to", until),
                    ("@length", (long)OccurrenceSlot.Length.TotalMilliseconds)
                );
                var several = session.Query(
                    $"""
                    SELECT o.*, r.state AS run_state FROM schedules AS s
                    JOIN occurrences AS o
                      ON o.workspace = @workspace AND o.schedule_id = s.id AND o.due_at < @to AND o.due_at >= COALESCE(
                        (SELECT MAX(e.due_at) FROM occurrences AS e
                         WHERE e.workspace = @workspace AND e.schedule_id = s.id AND e.due_at < @from AND e.origin = 'schedule'), @from)
                    LEFT JOIN runs AS r ON r.workspace = @workspace AND r.id = o.run_id
                    WHERE s.workspace = @workspace {ofOne} AND o.origin = 'schedule' AND o.count > 1 AND o.last_due_at >= @from
                    """,
                    OccurrenceFields.MapWithRun,
                    ("@id", scheduleId),
                    ("@from", from),
                    ("@to", until)
                );
                return
                [
                    .. single
                        .Concat(several.SelectMany(row => OccurrenceSlot.Spread(row, from, until)))
                        .OrderBy(static slot => slot.ScheduleId, StringComparer.Ordinal)
                        .ThenBy(static slot => slot.At),
                ];
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<SkipStreak?> SkipStreakAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session
                    .Query(
                        """
                        WITH decided AS (
                          SELECT * FROM occurrences
                          WHERE workspace = @workspace AND schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL)
                        SELECT SUM(count)::bigint AS n, MIN(due_at) AS first, MAX(last_due_at) AS last,
                          (SELECT reason FROM decided ORDER BY due_at DESC LIMIT 1) AS reason
                        FROM decided WHERE due_at > COALESCE((
                          SELECT MAX(due_at) FROM decided
                          WHERE outcome <> 'skipped' OR reason_code IN ('paused', 'check_said_no')), '-infinity')
                        """,
                        OccurrenceFields.MapStreak,
                        ("@id", scheduleId)
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Occurrence>> LatestAsync(
        IReadOnlyList<string> scheduleIds,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyDictionary<string, Occurrence>>(
            session =>
                session
                    .Query(
                        """
                        SELECT o.*, r.state AS run_state FROM unnest(@ids) AS asked (id)
                        CROSS JOIN LATERAL (
                          SELECT * FROM occurrences WHERE workspace = @workspace AND schedule_id = asked.id
                          ORDER BY due_at DESC LIMIT 1) AS o
                        LEFT JOIN runs AS r ON r.workspace = @workspace AND r.id = o.run_id
                        """,
                        OccurrenceFields.MapWithRun,
                        ("@ids", Distinct(scheduleIds))
                    )
                    .ToDictionary(static row => row.ScheduleId, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Run>> LatestRunsAsync(
        IReadOnlyList<string> scheduleIds,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyDictionary<string, Run>>(
            session =>
                session
                    .Query(
                        """
                        SELECT asked.id AS asked_id, r.* FROM unnest(@ids) AS asked (id)
                        CROSS JOIN LATERAL (
                          SELECT run_id FROM occurrences WHERE workspace = @workspace AND schedule_id = asked.id AND run_id IS NOT NULL
                          ORDER BY due_at DESC LIMIT 1) AS o
                        JOIN runs AS r ON r.workspace = @workspace AND r.id = o.run_id
                        """,
                        static row => (Id: row.Text("asked_id")!, Run: RunFields.Map(row)),
                        ("@ids", Distinct(scheduleIds))
                    )
                    .ToDictionary(static row => row.Id, static row => row.Run, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<WaitingSchedule>> WaitingSchedulesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<WaitingSchedule>>(
            static session =>
                session.Query(
                    """
                    SELECT schedule_id, ready IS NOT NULL AS is_ready FROM (
                      SELECT schedule_id, MIN(due_at) FILTER (WHERE state = 'waiting') AS ready,
                        MIN(due_at) FILTER (WHERE state = 'checking') AS checked
                      FROM occurrences WHERE workspace = @workspace AND state IN ('waiting', 'checking') GROUP BY schedule_id) AS open
                    ORDER BY COALESCE(ready, checked)
                    """,
                    static row => new WaitingSchedule(row.Text("schedule_id")!, IsReady: row.Flag("is_ready") == true)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> WaitingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            static session =>
                session.Query(
                    "SELECT * FROM occurrences WHERE workspace = @workspace AND state IN ('waiting', 'checking') ORDER BY due_at",
                    OccurrenceFields.Map
                ),
            cancellationToken
        );

    private static bool Trigger(PostgresSession session, string scheduleId, Run run, string why)
    {
        OccurrenceEntry.Trigger(new PostgresOccurrenceTable(session), scheduleId, run, why);
        return true;
    }

    private static string[] Distinct(IReadOnlyList<string> ids) => [.. ids.Distinct(StringComparer.Ordinal)];
}
