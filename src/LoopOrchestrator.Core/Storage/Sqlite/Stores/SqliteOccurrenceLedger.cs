using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The ledger in the database. Safe for many threads.</summary>
internal sealed class SqliteOccurrenceLedger(StateDatabase database) : IOccurrenceLedger
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, ScheduleState>>(
            connection =>
                connection
                    .Query("SELECT * FROM schedules", reader => (Id: reader.GetString(0), State: OccurrenceRows.MapState(reader)))
                    .ToDictionary(static row => row.Id, static row => row.State, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> EnteredSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlySet<string>>(
            connection =>
                connection
                    .Query(
                        "SELECT id FROM schedules WHERE last_due_at >= @moment",
                        static reader => reader.GetString(0),
                        ("@moment", moment)
                    )
                    .ToHashSet(StringComparer.Ordinal),
            cancellationToken
        );

    // The index of what is open is named: else all rows of a schedule are read in the order of their moments, and most of them are over.
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Occurrence>> OldestOpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, Occurrence>>(
            static connection =>
                connection
                    .Query(
                        """
                        SELECT o.* FROM schedules AS s CROSS JOIN occurrences AS o ON o.schedule_id = s.id AND o.due_at = COALESCE(
                            (SELECT due_at FROM occurrences INDEXED BY occurrences_waiting
                              WHERE schedule_id = s.id AND state = 'waiting' ORDER BY due_at LIMIT 1),
                            (SELECT due_at FROM occurrences INDEXED BY occurrences_checking
                              WHERE schedule_id = s.id AND state = 'checking' ORDER BY due_at LIMIT 1))
                        """,
                        OccurrenceRows.MapOccurrence
                    )
                    .ToDictionary(static row => row.ScheduleId, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<DueCount> CountDueAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
            {
                // By the schedules, whose rows lie in the order of their moments: what is older is not read.
                var behind = connection.Query(
                    """
                    SELECT COALESCE(SUM(o.count), 0), COALESCE(SUM(CASE WHEN o.outcome IS NULL THEN o.count END), 0)
                    FROM schedules AS s CROSS JOIN occurrences AS o ON o.schedule_id = s.id AND o.due_at >= @since
                    WHERE o.origin = 'schedule'
                    """,
                    static reader => new DueCount(reader.GetInt64(0), reader.GetInt64(1)),
                    ("@since", since)
                )[0];
                var across = connection
                    .Query(
                        """
                        SELECT o.* FROM schedules AS s CROSS JOIN occurrences AS o ON o.schedule_id = s.id AND o.due_at = (
                            SELECT MAX(due_at) FROM occurrences
                            WHERE schedule_id = s.id AND due_at < @since AND origin = 'schedule')
                        WHERE o.last_due_at >= @since AND o.origin = 'schedule' AND o.outcome IS NOT NULL
                        """,
                        OccurrenceRows.MapOccurrence,
                        ("@since", since)
                    )
                    .Sum(row => ShareSince(row, since));
                var open = connection.Scalar(
                    """
                    SELECT COALESCE(SUM(count), 0) FROM (
                        SELECT count FROM occurrences WHERE state = 'waiting' AND due_at < @since AND origin = 'schedule'
                        UNION ALL
                        SELECT count FROM occurrences WHERE state = 'checking' AND due_at < @since AND origin = 'schedule')
                    """,
                    ("@since", since)
                );
                return new DueCount(behind.Due + across + open, behind.Waiting + open);
            },
            cancellationToken
        );

    // The moments of a row lie about as far from each other as its first from its last allows.
    private static long ShareSince(Occurrence row, DateTimeOffset since) =>
        row.LastDueAt == row.DueAt
            ? row.Count
            : Math.Clamp((long)Math.Round(row.Count * ((row.LastDueAt - since) / (row.LastDueAt - row.DueAt))), 1, row.Count);

    /// <inheritdoc/>
    public Task<FireResult?> EnterAsync(FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => Enter(connection, request), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FireResult?>> EnterAsync(
        IReadOnlyList<FireRequest> requests,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync<IReadOnlyList<FireResult?>>(
            (connection, _) => [.. requests.Select(request => Enter(connection, request))],
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
            (connection, _) =>
            {
                if (
                    OccurrenceRows.OldestWaiting(connection, scheduleId) is not { } oldest
                    || OccurrenceRows.ActiveRuns(connection, scheduleId).Count > 0
                )
                {
                    return false;
                }

                RunRows.Insert(connection, OfMoment(run, oldest.LastDueAt, oldest.IsCatchUp));
                RunRows.InsertDecision(connection, run.Id, now, why);
                connection.Execute(
                    "UPDATE occurrences SET outcome = 'started', run_id = @run, decided_at = @now, reason = 'started "
                        + "after the run before it had ended' WHERE schedule_id = @id AND due_at = @due",
                    ("@run", run.Id),
                    ("@now", now),
                    ("@id", scheduleId),
                    ("@due", oldest.DueAt)
                );
                OccurrenceRows.Measure(connection, OccurrenceOutcome.Started, oldest.Count);
                return true;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task TriggerAsync(string scheduleId, Run run, string why, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => Trigger(connection, scheduleId, run, why), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordedRequest?> TriggerAsync(
        string scheduleId,
        Run run,
        string why,
        RequestKey request,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            (connection, _) =>
            {
                var known = RequestRows.Enter(connection, request, run.CreatedAt, run.Id, note: null);
                if (known is null)
                {
                    Trigger(connection, scheduleId, run, why);
                }

                return known;
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RecordFirstSeenAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    "INSERT INTO schedules (id, seen_at) VALUES (@id, @now) ON CONFLICT (id) DO UPDATE SET seen_at = "
                        + "COALESCE(seen_at, @now)",
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
            (connection, _) =>
                connection.Execute(
                    """
                    INSERT INTO schedules (id, timing, since_at, seen_at) VALUES (@id, @timing, @since, @since)
                    ON CONFLICT (id) DO UPDATE SET timing = @timing, since_at = COALESCE(@since, since_at), seen_at = COALESCE(@since,
                      seen_at)
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
            (connection, _) =>
            {
                connection.Execute(
                    "DELETE FROM occurrences WHERE due_at > @now AND state IN ('skipped', 'coalesced', 'missed')",
                    ("@now", now)
                );
                foreach (
                    var row in connection.Query(
                        "SELECT * FROM occurrences WHERE due_at <= @now AND last_due_at > @now AND count > 1",
                        OccurrenceRows.MapOccurrence,
                        ("@now", now)
                    )
                )
                {
                    var (last, count) = passed(row);
                    connection.Execute(
                        "UPDATE occurrences SET last_due_at = @last, count = @count WHERE schedule_id = @id AND due_at = @due",
                        ("@last", last),
                        ("@count", count),
                        ("@id", row.ScheduleId),
                        ("@due", row.DueAt)
                    );
                }

                connection.Execute(
                    """
                    UPDATE schedules SET last_due_at = MAX(COALESCE(removed_until, 0), COALESCE(
                        (SELECT MAX(last_due_at) FROM occurrences
                         WHERE schedule_id = id AND last_due_at <= @now AND origin = 'schedule'), @now))
                    WHERE last_due_at > @now
                    """,
                    ("@now", now)
                );
                return connection.Execute(
                    "UPDATE schedules SET since_at = MIN(since_at, @now), seen_at = MIN(seen_at, @now), resumed_at = "
                        + "MIN(resumed_at, @now) WHERE since_at > @now OR seen_at > @now OR resumed_at > @now",
                    ("@now", now)
                );
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> CheckingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            static connection =>
                connection.Query("SELECT * FROM occurrences WHERE state = 'checking' ORDER BY due_at", OccurrenceRows.MapOccurrence),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<FireResult?> RecordCheckAsync(Occurrence occurrence, FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                var taken = connection.Execute(
                    "DELETE FROM occurrences WHERE schedule_id = @id AND due_at = @due AND state = 'checking' AND checking = @attempt",
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking)
                );
                var (segment, none) = (request.Segments[0], new FireResult(null, null, null));
                return taken == 0 ? null
                    : segment.Outcome is { } outcome ? RecordOutcome(connection, request, segment, outcome, segment.Reason, none)
                    : Fire(connection, request, segment, none);
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> BeginCheckAsync(Occurrence occurrence, string folder, string hash, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    """
                    UPDATE occurrences SET check_folder = @folder, check_hash = @hash, reason = @reason
                    WHERE schedule_id = @id AND due_at = @due AND state = 'checking' AND checking = @attempt AND check_folder IS NULL
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
            (connection, _) =>
                connection.Execute(
                    """
                    UPDATE occurrences SET reason = @reason
                    WHERE schedule_id = @id AND due_at = @due AND state = 'checking' AND checking = @attempt AND check_folder IS NULL
                    """,
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
            connection => OccurrenceRows.DroppedChecks(connection, scheduleId, most),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task CheckAgainAsync(Occurrence occurrence, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    """
                    UPDATE occurrences SET checking = checking + 1, check_folder = NULL, check_hash = NULL
                    WHERE schedule_id = @id AND due_at = @due AND state = 'checking' AND checking = @attempt
                    """,
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task DropWaitingAsync(string scheduleId, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                OccurrenceRows.Measure(connection, OccurrenceOutcome.Skipped, OccurrenceRows.CountOpen(connection, scheduleId));
                return connection.Execute(
                    """
                    UPDATE occurrences SET outcome = 'skipped', reason = @reason, decided_at = @now
                    WHERE state IN ('waiting', 'checking') AND schedule_id = @id
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
            connection =>
                connection.Query(
                    // A condition that may hold for all would keep the rows of one schedule from being read by their order.
                    $"{OccurrenceRows.WithRuns} {(scheduleId is null ? "" : "WHERE o.schedule_id = @id")} "
                        + "ORDER BY o.due_at DESC LIMIT @limit",
                    OccurrenceRows.MapWithRun,
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
            connection =>
            {
                // By the schedules, whose rows lie in the order of their moments: what is older or later is not read.
                var single = connection.Query(
                    """
                    SELECT o.schedule_id, MIN(o.due_at) AS at, o.outcome, r.state AS run_state, COUNT(*) AS n
                    FROM schedules AS s CROSS JOIN occurrences AS o
                      ON o.schedule_id = s.id AND o.due_at >= @from AND o.due_at < @to
                    LEFT JOIN runs AS r ON r.id = o.run_id
                    WHERE (@id IS NULL OR s.id = @id) AND o.origin = 'schedule' AND o.count = 1
                    GROUP BY o.schedule_id, o.due_at / @length, o.outcome, r.state
                    """,
                    OccurrenceRows.MapSlot,
                    ("@id", scheduleId),
                    ("@from", from),
                    ("@to", until),
                    ("@length", (long)OccurrenceSlot.Length.TotalMilliseconds)
                );
                var several = connection.Query(
                    """
                    SELECT o.*, r.state AS run_state FROM schedules AS s CROSS JOIN occurrences AS o
                      ON o.schedule_id = s.id AND o.due_at < @to AND o.due_at >= COALESCE(
                        (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = s.id AND due_at < @from AND origin = 'schedule'), @from)
                    LEFT JOIN runs AS r ON r.id = o.run_id
                    WHERE (@id IS NULL OR s.id = @id) AND o.origin = 'schedule' AND o.count > 1 AND o.last_due_at >= @from
                    """,
                    OccurrenceRows.MapWithRun,
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
        database.ReadAsync(connection => OccurrenceRows.SkipStreak(connection, scheduleId), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, Occurrence>> LatestAsync(
        IReadOnlyList<string> scheduleIds,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyDictionary<string, Occurrence>>(
            connection =>
                connection
                    .Query(
                        // One statement, however many schedules: each one by itself would take and give back the lock of a reader.
                        """
                        SELECT o.*, r.state AS run_state FROM json_each(@ids) AS asked
                        CROSS JOIN occurrences AS o ON o.schedule_id = asked.value
                          AND o.due_at = (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = asked.value)
                        LEFT JOIN runs AS r ON r.id = o.run_id
                        """,
                        OccurrenceRows.MapWithRun,
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
            connection =>
                connection
                    .Query(
                        """
                        SELECT asked.value AS asked_id, r.* FROM json_each(@ids) AS asked
                        CROSS JOIN occurrences AS o ON o.schedule_id = asked.value AND o.due_at = (
                          SELECT due_at FROM occurrences WHERE schedule_id = asked.value AND run_id IS NOT NULL
                          ORDER BY due_at DESC LIMIT 1)
                        JOIN runs AS r ON r.id = o.run_id
                        """,
                        static reader => (Id: reader.Text("asked_id")!, Run: RunRows.Map(reader)),
                        ("@ids", Distinct(scheduleIds))
                    )
                    .ToDictionary(static row => row.Id, static row => row.Run, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<WaitingSchedule>> WaitingSchedulesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<WaitingSchedule>>(
            static connection =>
                connection.Query(
                    """
                    SELECT id, ready, COALESCE(ready, checked) AS oldest FROM (
                        SELECT id,
                            (SELECT due_at FROM occurrences INDEXED BY occurrences_waiting
                              WHERE schedule_id = id AND state = 'waiting' ORDER BY due_at LIMIT 1) AS ready,
                            (SELECT due_at FROM occurrences INDEXED BY occurrences_checking
                              WHERE schedule_id = id AND state = 'checking' ORDER BY due_at LIMIT 1) AS checked
                        FROM schedules)
                    WHERE oldest IS NOT NULL ORDER BY oldest
                    """,
                    static reader => new WaitingSchedule(reader.Text("id")!, IsReady: reader.Integer("ready") is not null)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Occurrence>> WaitingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            static connection =>
                connection.Query(
                    // Each part by its own index: status asks often, and what has its outcome is most of the table.
                    """
                    SELECT * FROM occurrences WHERE state = 'waiting' UNION ALL SELECT * FROM occurrences WHERE state = 'checking'
                    ORDER BY due_at
                    """,
                    OccurrenceRows.MapOccurrence
                ),
            cancellationToken
        );

    private static bool Trigger(SqliteConnection connection, string scheduleId, Run run, string why)
    {
        if (OccurrenceRows.ActiveRuns(connection, scheduleId) is [var active, ..])
        {
            throw new UserErrorException(
                $"Schedule '{scheduleId}' has a run already: {active.Id} is {active.State.Name()}. Wait for its "
                    + $"end ({ToolNames.GetRun}), or cancel it ({ToolNames.CancelRun}), then trigger again."
            );
        }

        RunRows.Insert(connection, run with { Origin = RunOrigin.Trigger });
        RunRows.InsertDecision(connection, run.Id, run.CreatedAt, why);
        var moment = OccurrenceRows.FreeMoment(connection, scheduleId, run.CreatedAt);
        OccurrenceRows.Insert(
            connection,
            new Occurrence(scheduleId, moment, moment, 1, OccurrenceOutcome.Started, OccurrenceRows.ByHand, run.Id, run.CreatedAt)
            {
                Origin = OccurrenceOrigin.Hand,
            }
        );
        return true;
    }

    private static Run OfMoment(Run run, DateTimeOffset due, bool isCatchUp) =>
        run with
        {
            Origin = RunOrigin.Schedule,
            ScheduledFor = due,
            IsCatchUp = isCatchUp,
        };

    private static FireResult? Enter(SqliteConnection connection, FireRequest request)
    {
        var state = connection
            .Query("SELECT * FROM schedules WHERE id = @id", OccurrenceRows.MapState, ("@id", request.ScheduleId))
            .FirstOrDefault();
        if (
            state?.LastDueAt >= request.Segments[0].First
            || state?.LastDueAt > request.PlannedFrom
            || (state?.LastDueAt is not null && request.PlannedFrom is null)
        )
        {
            return null;
        }

        // A pause that came after the plan was made: a pause that was acknowledged lets nothing through. The next look plans anew.
        if (
            request.Segments.Any(static segment => segment.Outcome is null)
            && connection.Scalar(
                "SELECT COUNT(*) FROM schedules WHERE paused_at IS NOT NULL AND id IN (@id, '*')",
                ("@id", request.ScheduleId)
            ) > 0
        )
        {
            return null;
        }

        var result = new FireResult(null, null, null);
        var entered = false;
        foreach (var segment in request.Segments)
        {
            // After a clock was set back, moments come that have their entry already: each has one outcome.
            if (Without(connection, request.ScheduleId, segment) is { } rest)
            {
                entered = true;
                result = rest.Outcome is { } outcome
                    ? RecordOutcome(connection, request, rest, outcome, rest.Reason, result)
                    : Fire(connection, request, rest, result);
            }
        }

        connection.Execute(
            "INSERT INTO schedules (id, last_due_at) VALUES (@id, @due) ON CONFLICT (id) DO UPDATE SET last_due_at = @due",
            ("@id", request.ScheduleId),
            ("@due", request.Segments[^1].Last)
        );
        return entered ? result : null;
    }

    /// <summary>What of a segment has no entry yet; <see langword="null"/> for nothing.</summary>
    private static DueSegment? Without(SqliteConnection connection, string scheduleId, DueSegment segment)
    {
        var known = connection.Scalar(
            "SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND due_at BETWEEN @first AND @last AND origin = 'schedule'",
            ("@id", scheduleId),
            ("@first", segment.First),
            ("@last", segment.Last)
        );
        if (known == 0)
        {
            return segment;
        }

        return known >= segment.Count
            ? null
            : segment with
            {
                First = OccurrenceRows.FreeMoment(connection, scheduleId, segment.First),
                Count = segment.Count - known,
            };
    }

    private static FireResult Fire(SqliteConnection connection, FireRequest request, DueSegment due, FireResult soFar)
    {
        var (waiting, oldest) = OccurrenceRows.Waiting(connection, request.ScheduleId);
        var decision = OverlapRules.Decide(request, OccurrenceRows.ActiveRuns(connection, request.ScheduleId), waiting, oldest, () =>
            OccurrenceRows.Checking(connection, request.ScheduleId)
        );
        switch (decision.Outcome)
        {
            case OccurrenceOutcome.Started when request.Plan is RunPlan.Accepted(var run, var why):
                RunRows.Insert(connection, OfMoment(run, due.Last, due.IsCatchUp));
                RunRows.InsertDecision(
                    connection,
                    run.Id,
                    request.Now,
                    $"due {due.Last.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} by schedule '{request.ScheduleId}'; {why}"
                );
                OccurrenceRows.Insert(
                    connection,
                    new Occurrence(
                        request.ScheduleId,
                        due.First,
                        due.Last,
                        due.Count,
                        OccurrenceOutcome.Started,
                        "due",
                        run.Id,
                        request.Now
                    )
                    {
                        IsCatchUp = due.IsCatchUp,
                    }
                );
                OccurrenceRows.Measure(connection, OccurrenceOutcome.Started, due.Count);
                return soFar with { StartedRunId = run.Id, Outcome = OccurrenceOutcome.Started };
            case { } outcome:
                return RecordOutcome(connection, request, due, outcome, decision.Reason, soFar, decision.RunId);
            default:
                OccurrenceRows.Insert(
                    connection,
                    new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, null, decision.Reason, null, null)
                    {
                        Checking = decision.Checking,
                        IsCatchUp = due.IsCatchUp,
                    }
                );
                return soFar with { Outcome = null, InterruptRunId = decision.InterruptRunId ?? soFar.InterruptRunId };
        }
    }

    private static FireResult RecordOutcome(
        SqliteConnection connection,
        FireRequest request,
        DueSegment due,
        OccurrenceOutcome outcome,
        string? reason,
        FireResult soFar,
        string? runId = null
    )
    {
        // Moments in a row that were left out for one reason share a row, so a month of pause is one line and not four thousand.
        var extended =
            outcome is OccurrenceOutcome.Skipped or OccurrenceOutcome.Missed
            && connection.Execute(
                """
                UPDATE occurrences SET last_due_at = @last, count = count + @count, decided_at = @now
                WHERE schedule_id = @id AND state = @state AND reason = @reason AND reason_code IS @code
                  AND due_at = (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = @id)
                """,
                ("@last", due.Last),
                ("@count", due.Count),
                ("@now", request.Now),
                ("@id", request.ScheduleId),
                ("@state", OccurrenceNames.Name(outcome)),
                ("@reason", reason),
                ("@code", due.ReasonCode is { } code ? OccurrenceNames.Name(code) : null)
            ) == 1;
        if (!extended)
        {
            OccurrenceRows.Insert(
                connection,
                new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, outcome, reason, runId, request.Now)
                {
                    ReasonCode = due.ReasonCode,
                }
            );
        }

        OccurrenceRows.Measure(connection, outcome, due.Count);
        return soFar with
        {
            Outcome = outcome,
        };
    }

    private static string Distinct(IReadOnlyList<string> ids) => TextLists.Write([.. ids.Distinct(StringComparer.Ordinal)]);
}
