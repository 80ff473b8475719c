using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
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
                    .Sum(row => OccurrenceFields.ShareSince(row, since));
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

    /// <inheritdoc/>
    public Task<FireResult?> EnterAsync(FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => OccurrenceEntry.Enter(new SqliteOccurrenceTable(connection), request), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FireResult?>> EnterAsync(
        IReadOnlyList<FireRequest> requests,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync<IReadOnlyList<FireResult?>>(
            (connection, _) =>
            {
                var rows = new SqliteOccurrenceTable(connection);
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
            (connection, _) => OccurrenceEntry.StartWaiting(new SqliteOccurrenceTable(connection), scheduleId, run, why, now),
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
                return taken == 0 ? null : OccurrenceEntry.Checked(new SqliteOccurrenceTable(connection), request);
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
        OccurrenceEntry.Trigger(new SqliteOccurrenceTable(connection), scheduleId, run, why);
        return true;
    }

    private static string Distinct(IReadOnlyList<string> ids) => TextLists.Write([.. ids.Distinct(StringComparer.Ordinal)]);
}
