using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>Pauses; used within the transactions of those who pause: people, escalations, budgets.</summary>
internal static class PauseRows
{
    private const string None = "paused_at = NULL, paused_reason = NULL, paused_by = NULL, paused_escalation = NULL";
    private const string Dropped = "dropped when the schedule was paused";

    /// <summary>
    /// Pauses a schedule, or all with <see cref="ScheduleState.AllSchedules"/>, and drops its backlog. A pause that a person has made is
    /// left as it is by one that is not, and a person's pause leaves what a person has asked for by hand.
    /// </summary>
    /// <returns>The ids of the queued runs that were cancelled.</returns>
    public static IReadOnlyList<string> Pause(
        PostgresSession session,
        string scheduleId,
        string reason,
        DateTimeOffset now,
        PauseCause cause
    )
    {
        session.Execute(
            """
            INSERT INTO schedules AS known (workspace, id, paused_at, paused_reason, paused_until, paused_by, paused_escalation)
            VALUES (@workspace, @id, @now, @reason, @until, @by, @escalation)
            ON CONFLICT (workspace, id) DO UPDATE SET paused_at = COALESCE(known.paused_at, excluded.paused_at),
              paused_reason = excluded.paused_reason, paused_until = excluded.paused_until, paused_by = excluded.paused_by,
              paused_escalation = excluded.paused_escalation
            WHERE excluded.paused_by = 'person' OR known.paused_at IS NULL
              OR (known.paused_by = 'budget' AND excluded.paused_by = 'escalation')
            """,
            ("@id", scheduleId),
            ("@now", now),
            ("@reason", reason),
            ("@until", cause.Until),
            ("@by", OccurrenceFields.NameOf(cause.By)),
            ("@escalation", cause.EscalationId)
        );
        OccurrenceRows.Measure(session, OccurrenceOutcome.Skipped, OccurrenceRows.CountOpen(session, scheduleId));
        session.Execute(
            """
            UPDATE occurrences SET outcome = 'skipped', reason = @why, reason_code = 'paused', decided_at = @now
            WHERE workspace = @workspace AND state IN ('waiting', 'checking') AND (@id = '*' OR schedule_id = @id)
            """,
            ("@id", scheduleId),
            ("@why", Dropped),
            ("@now", now)
        );
        var dropped = session.Query(
            """
            SELECT id FROM runs
            WHERE workspace = @workspace AND state = 'queued' AND schedule_id IS NOT NULL AND (@id = '*' OR schedule_id = @id)
              AND (@by <> 'person' OR NOT EXISTS (SELECT 1 FROM occurrences
                WHERE occurrences.workspace = @workspace AND occurrences.run_id = runs.id AND occurrences.origin = 'hand'))
            """,
            static row => row.At<string>(0),
            ("@id", scheduleId),
            ("@by", OccurrenceFields.NameOf(cause.By))
        );
        foreach (var run in dropped)
        {
            // One that waited for a further attempt has an open row in the time log.
            session.Execute(
                """
                UPDATE runs SET state = 'cancelled', reason = 'dropped from the queue when its schedule was paused', ended_at = @now,
                  not_before = NULL, stop_row_pending = stop_row_pending OR started_at IS NOT NULL
                WHERE workspace = @workspace AND id = @run
                """,
                ("@run", run),
                ("@now", now)
            );
            RunRows.InsertDecision(session, run, now, $"cancelled: dropped from the queue when its schedule was paused: {reason}");

            // Its due moment was not met after all, unless an attempt of it was made. What was asked for by hand belongs to none.
            session.Execute(
                """
                UPDATE occurrences SET outcome = 'skipped', reason = @why, reason_code = 'paused', decided_at = @now
                WHERE workspace = @workspace AND run_id = @run AND state = 'started' AND origin = 'schedule'
                  AND (SELECT started_at FROM runs WHERE workspace = @workspace AND id = @run) IS NULL
                """,
                ("@run", run),
                ("@why", Dropped),
                ("@now", now)
            );
        }

        return dropped;
    }

    /// <summary>Ends the pause that an escalation brought. False when the schedule is not paused, or for another reason by now.</summary>
    public static bool ResumeEscalated(PostgresSession session, string scheduleId, long escalationId, DateTimeOffset now) =>
        session.Holds(
            """
            SELECT EXISTS (SELECT 1 FROM schedules
              WHERE workspace = @workspace AND id = @id AND paused_by = 'escalation' AND paused_escalation = @escalation)
            """,
            ("@id", scheduleId),
            ("@escalation", escalationId)
        ) && Resume(session, scheduleId, now);

    /// <summary>Ends a pause. False when there was none.</summary>
    public static bool Resume(PostgresSession session, string scheduleId, DateTimeOffset now) =>
        session.Execute(
            $"""
            UPDATE schedules SET {None}, paused_until = NULL, resumed_at = @now
            WHERE workspace = @workspace AND id = @id AND paused_at IS NOT NULL
            """,
            ("@id", scheduleId),
            ("@now", now)
        ) == 1;

    /// <summary>Ends the pauses whose time is over; what is due at that very moment is no part of them.</summary>
    public static int EndDue(PostgresSession session, DateTimeOffset now) =>
        session.Execute(
            $"""
            UPDATE schedules SET {None}, resumed_at = paused_until - interval '1 millisecond', paused_until = NULL
            WHERE workspace = @workspace AND paused_until <= @now
            """,
            ("@now", now)
        );

    /// <summary>Why a schedule is paused, by itself or with all; <see langword="null"/> when it is not.</summary>
    public static string? Reason(PostgresSession session, string? scheduleId) =>
        scheduleId is null
            ? null
            : session
                .Query(
                    """
                    SELECT paused_reason FROM schedules
                    WHERE workspace = @workspace AND paused_at IS NOT NULL AND id IN (@id, '*') ORDER BY id
                    """,
                    static row => row.Text("paused_reason") ?? "",
                    ("@id", scheduleId)
                )
                .FirstOrDefault();
}
