using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The ledger's tables as <see cref="OccurrenceEntry"/> has them.</summary>
internal sealed class SqliteOccurrenceTable(SqliteConnection connection) : IOccurrenceTable
{
    /// <inheritdoc/>
    public ScheduleState? State(string scheduleId) =>
        connection.Query("SELECT * FROM schedules WHERE id = @id", OccurrenceRows.MapState, ("@id", scheduleId)).FirstOrDefault();

    /// <inheritdoc/>
    public bool IsPaused(string scheduleId) =>
        connection.Scalar("SELECT COUNT(*) FROM schedules WHERE paused_at IS NOT NULL AND id IN (@id, '*')", ("@id", scheduleId)) > 0;

    /// <inheritdoc/>
    public long CountBetween(string scheduleId, DateTimeOffset first, DateTimeOffset last) =>
        connection.Scalar(
            "SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND due_at BETWEEN @first AND @last AND origin = 'schedule'",
            ("@id", scheduleId),
            ("@first", first),
            ("@last", last)
        );

    /// <inheritdoc/>
    public bool IsTaken(string scheduleId, DateTimeOffset moment) =>
        connection.Scalar(
            "SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND due_at = @due",
            ("@id", scheduleId),
            ("@due", moment)
        ) > 0;

    /// <inheritdoc/>
    public IReadOnlyList<Run> ActiveRuns(string scheduleId) =>
        connection.Query(
            "SELECT * FROM runs WHERE schedule_id = @id AND state IN ('queued', 'running') ORDER BY created_at",
            RunRows.Map,
            ("@id", scheduleId)
        );

    /// <inheritdoc/>
    public Occurrence? OldestWaiting(string scheduleId) =>
        connection
            .Query(
                "SELECT * FROM occurrences WHERE schedule_id = @id AND state = 'waiting' ORDER BY due_at LIMIT 1",
                OccurrenceRows.MapOccurrence,
                ("@id", scheduleId)
            )
            .FirstOrDefault();

    /// <inheritdoc/>
    public long CountWaiting(string scheduleId) =>
        connection.Scalar("SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND state = 'waiting'", ("@id", scheduleId));

    /// <inheritdoc/>
    public IReadOnlyList<Occurrence> Checking(string scheduleId) =>
        connection.Query(
            "SELECT * FROM occurrences WHERE schedule_id = @id AND state = 'checking' ORDER BY due_at",
            OccurrenceRows.MapOccurrence,
            ("@id", scheduleId)
        );

    /// <inheritdoc/>
    public void MoveByHand(string scheduleId, DateTimeOffset from, DateTimeOffset to) =>
        connection.Execute(
            "UPDATE occurrences SET due_at = @to, last_due_at = @to WHERE schedule_id = @id AND due_at = @from AND origin = 'hand'",
            ("@id", scheduleId),
            ("@from", from),
            ("@to", to)
        );

    /// <inheritdoc/>
    public void Insert(Occurrence occurrence) =>
        connection.Execute(
            """
            INSERT INTO occurrences (
                schedule_id, due_at, last_due_at, count, origin, outcome, reason, reason_code, run_id, decided_at, checking,
                catch_up)
            VALUES (@id, @due, @last, @count, @origin, @outcome, @reason, @code, @run, @decided, @checking, @catchUp)
            """,
            OccurrenceFields.Parameters(occurrence)
        );

    /// <inheritdoc/>
    public bool TryExtend(string scheduleId, DueSegment due, OccurrenceOutcome outcome, string? reason, DateTimeOffset now) =>
        connection.Execute(
            """
            UPDATE occurrences SET last_due_at = @last, count = count + @count, decided_at = @now
            WHERE schedule_id = @id AND state = @state AND reason = @reason AND reason_code IS @code
              AND due_at = (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = @id)
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
        connection.Execute(
            "UPDATE occurrences SET outcome = 'started', run_id = @run, decided_at = @now, reason = @reason "
                + "WHERE schedule_id = @id AND due_at = @due",
            ("@run", runId),
            ("@now", now),
            ("@reason", reason),
            ("@id", waiting.ScheduleId),
            ("@due", waiting.DueAt)
        );

    /// <inheritdoc/>
    public void RecordLastDue(string scheduleId, DateTimeOffset last) =>
        connection.Execute(
            "INSERT INTO schedules (id, last_due_at) VALUES (@id, @due) ON CONFLICT (id) DO UPDATE SET last_due_at = @due",
            ("@id", scheduleId),
            ("@due", last)
        );

    /// <inheritdoc/>
    public void AddRun(Run run, DateTimeOffset now, string why)
    {
        RunRows.Insert(connection, run);
        RunRows.InsertDecision(connection, run.Id, now, why);
    }

    /// <inheritdoc/>
    public void Measure(OccurrenceOutcome outcome, long count) => OccurrenceRows.Measure(connection, outcome, count);
}
