using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The ledger's tables as <see cref="OccurrenceEntry"/> has them.</summary>
internal sealed class PostgresOccurrenceTable(PostgresSession session) : IOccurrenceTable
{
    private const string Of = "workspace = @workspace AND schedule_id = @id";

    /// <inheritdoc/>
    public ScheduleState? State(string scheduleId) =>
        session
            .Query("SELECT * FROM schedules WHERE workspace = @workspace AND id = @id", OccurrenceFields.MapState, ("@id", scheduleId))
            .FirstOrDefault();

    /// <inheritdoc/>
    public bool IsPaused(string scheduleId) =>
        session.Holds(
            "SELECT EXISTS (SELECT 1 FROM schedules WHERE workspace = @workspace AND paused_at IS NOT NULL AND id IN (@id, '*'))",
            ("@id", scheduleId)
        );

    /// <inheritdoc/>
    public long CountBetween(string scheduleId, DateTimeOffset first, DateTimeOffset last) =>
        session.Scalar(
            $"SELECT COUNT(*) FROM occurrences WHERE {Of} AND due_at BETWEEN @first AND @last AND origin = 'schedule'",
            ("@id", scheduleId),
            ("@first", first),
            ("@last", last)
        );

    /// <inheritdoc/>
    public bool IsTaken(string scheduleId, DateTimeOffset moment) =>
        session.Holds(
            $"SELECT EXISTS (SELECT 1 FROM occurrences WHERE {Of} AND due_at = @due)",
            ("@id", scheduleId),
            ("@due", moment)
        );

    /// <inheritdoc/>
    public IReadOnlyList<Run> ActiveRuns(string scheduleId) =>
        session.Query(
            $"SELECT * FROM runs WHERE {Of} AND state IN ('queued', 'running') ORDER BY created_at",
            RunFields.Map,
            ("@id", scheduleId)
        );

    /// <inheritdoc/>
    public Occurrence? OldestWaiting(string scheduleId) =>
        session
            .Query(
                $"SELECT * FROM occurrences WHERE {Of} AND state = 'waiting' ORDER BY due_at LIMIT 1",
                OccurrenceFields.Map,
                ("@id", scheduleId)
            )
            .FirstOrDefault();

    /// <inheritdoc/>
    public long CountWaiting(string scheduleId) =>
        session.Scalar($"SELECT COUNT(*) FROM occurrences WHERE {Of} AND state = 'waiting'", ("@id", scheduleId));

    /// <inheritdoc/>
    public IReadOnlyList<Occurrence> Checking(string scheduleId) =>
        session.Query(
            $"SELECT * FROM occurrences WHERE {Of} AND state = 'checking' ORDER BY due_at",
            OccurrenceFields.Map,
            ("@id", scheduleId)
        );

    /// <inheritdoc/>
    public void MoveByHand(string scheduleId, DateTimeOffset from, DateTimeOffset to) =>
        session.Execute(
            $"UPDATE occurrences SET due_at = @to, last_due_at = @to WHERE {Of} AND due_at = @from AND origin = 'hand'",
            ("@id", scheduleId),
            ("@from", from),
            ("@to", to)
        );

    /// <inheritdoc/>
    public void Insert(Occurrence occurrence) =>
        session.Execute(
            """
            INSERT INTO occurrences (workspace, schedule_id, due_at, last_due_at, count, origin, outcome, reason, reason_code, run_id,
              decided_at, checking, catch_up)
            VALUES (@workspace, @id, @due, @last, @count, @origin, @outcome, @reason, @code, @run, @decided, @checking, @catchUp)
            """,
            OccurrenceFields.Parameters(occurrence)
        );

    /// <inheritdoc/>
    public bool TryExtend(string scheduleId, DueSegment due, OccurrenceOutcome outcome, string? reason, DateTimeOffset now) =>
        session.Execute(
            $"""
            UPDATE occurrences SET last_due_at = @last, count = count + @count, decided_at = @now
            WHERE {Of} AND state = @state AND reason = @reason AND reason_code IS NOT DISTINCT FROM @code::text
              AND due_at = (SELECT MAX(due_at) FROM occurrences WHERE {Of})
            """,
            ("@last", due.Last),
            ("@count", due.Count),
            ("@now", now),
            ("@id", scheduleId),
            ("@state", OccurrenceNames.Name(outcome)),
            ("@reason", reason),
            ("@code", due.ReasonCode is { } code ? OccurrenceNames.Name(code) : null)
        ) == 1;

    /// <inheritdoc/>
    public void MarkStarted(Occurrence waiting, string runId, string reason, DateTimeOffset now) =>
        session.Execute(
            $"UPDATE occurrences SET outcome = 'started', run_id = @run, decided_at = @now, reason = @reason WHERE {Of} AND due_at = @due",
            ("@run", runId),
            ("@now", now),
            ("@reason", reason),
            ("@id", waiting.ScheduleId),
            ("@due", waiting.DueAt)
        );

    /// <inheritdoc/>
    public void RecordLastDue(string scheduleId, DateTimeOffset last) =>
        session.Execute(
            """
            INSERT INTO schedules (workspace, id, last_due_at) VALUES (@workspace, @id, @due)
            ON CONFLICT (workspace, id) DO UPDATE SET last_due_at = excluded.last_due_at
            """,
            ("@id", scheduleId),
            ("@due", last)
        );

    /// <inheritdoc/>
    public void AddRun(Run run, DateTimeOffset now, string why)
    {
        RunRows.Insert(session, run);
        RunRows.InsertDecision(session, run.Id, now, why);
    }

    /// <inheritdoc/>
    public void Measure(OccurrenceOutcome outcome, long count) => OccurrenceRows.Measure(session, outcome, count);
}
