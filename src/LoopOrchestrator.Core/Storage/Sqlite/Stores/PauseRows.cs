using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Pauses in the database; used within the transactions of those who pause: people, escalations, budgets.</summary>
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
        SqliteConnection connection,
        string scheduleId,
        string reason,
        DateTimeOffset now,
        PauseCause cause
    )
    {
        connection.Execute(
            """
            INSERT INTO schedules (id, paused_at, paused_reason, paused_until, paused_by, paused_escalation)
            VALUES (@id, @now, @reason, @until, @by, @escalation)
            ON CONFLICT (id) DO UPDATE SET paused_at = COALESCE(paused_at, @now), paused_reason = @reason, paused_until = @until,
                paused_by = @by, paused_escalation = @escalation
            WHERE @by = 'person' OR paused_at IS NULL OR (paused_by = 'budget' AND @by = 'escalation')
            """,
            ("@id", scheduleId),
            ("@now", now),
            ("@reason", reason),
            ("@until", cause.Until),
            ("@by", OccurrenceFields.NameOf(cause.By)),
            ("@escalation", cause.EscalationId)
        );
        OccurrenceRows.Measure(connection, OccurrenceOutcome.Skipped, OccurrenceRows.CountOpen(connection, scheduleId));
        connection.Execute(
            """
            UPDATE occurrences SET outcome = 'skipped', reason = @why, reason_code = 'paused', decided_at = @now
            WHERE state IN ('waiting', 'checking') AND (@id = '*' OR schedule_id = @id)
            """,
            ("@id", scheduleId),
            ("@why", Dropped),
            ("@now", now)
        );
        var dropped = connection.Query(
            """
            SELECT id FROM runs WHERE state = 'queued' AND schedule_id IS NOT NULL AND (@id = '*' OR schedule_id = @id)
              AND (@by <> 'person' OR NOT EXISTS (SELECT 1 FROM occurrences WHERE run_id = runs.id AND origin = 'hand'))
            """,
            static reader => reader.GetString(0),
            ("@id", scheduleId),
            ("@by", OccurrenceFields.NameOf(cause.By))
        );
        foreach (var run in dropped)
        {
            // One that waited for a further attempt has an open row in the time log.
            connection.Execute(
                """
                UPDATE runs SET state = 'cancelled', reason = 'dropped from the queue when its schedule was paused', ended_at = @now,
                  not_before = NULL,
                    stop_row_pending = CASE WHEN started_at IS NULL THEN stop_row_pending ELSE 1 END
                WHERE id = @run
                """,
                ("@run", run),
                ("@now", now)
            );
            RunRows.InsertDecision(connection, run, now, $"cancelled: dropped from the queue when its schedule was paused: {reason}");

            // Its due moment was not met after all, unless an attempt of it was made. What was asked for by hand belongs to none.
            connection.Execute(
                """
                UPDATE occurrences SET outcome = 'skipped', reason = @why, reason_code = 'paused', decided_at = @now
                WHERE run_id = @run AND state = 'started' AND origin = 'schedule' AND (SELECT started_at FROM runs WHERE id = @run) IS NULL
                """,
                ("@run", run),
                ("@why", Dropped),
                ("@now", now)
            );
        }

        return dropped;
    }

    /// <summary>Ends the pause that an escalation brought. False when the schedule is not paused, or for another reason by now.</summary>
    public static bool ResumeEscalated(SqliteConnection connection, string scheduleId, long escalationId, DateTimeOffset now) =>
        connection.Scalar(
            "SELECT COUNT(*) FROM schedules WHERE id = @id AND paused_by = 'escalation' AND paused_escalation = @escalation",
            ("@id", scheduleId),
            ("@escalation", escalationId)
        ) > 0
        && Resume(connection, scheduleId, now);

    /// <summary>Ends a pause. False when there was none.</summary>
    public static bool Resume(SqliteConnection connection, string scheduleId, DateTimeOffset now) =>
        connection.Execute(
            $"UPDATE schedules SET {None}, paused_until = NULL, resumed_at = @now WHERE id = @id AND paused_at IS NOT NULL",
            ("@id", scheduleId),
            ("@now", now)
        ) == 1;

    /// <summary>Ends the pauses whose time is over; what is due at that very moment is no part of them.</summary>
    public static int EndDue(SqliteConnection connection, DateTimeOffset now) =>
        connection.Execute(
            $"UPDATE schedules SET {None}, resumed_at = paused_until - 1, paused_until = NULL WHERE paused_until <= @now",
            ("@now", now)
        );

    /// <summary>Why a schedule is paused, by itself or with all; <see langword="null"/> when it is not.</summary>
    public static string? Reason(SqliteConnection connection, string? scheduleId) =>
        scheduleId is null
            ? null
            : connection
                .Query(
                    "SELECT paused_reason FROM schedules WHERE paused_at IS NOT NULL AND id IN (@id, '*')",
                    static reader => reader.Text("paused_reason") ?? "",
                    ("@id", scheduleId)
                )
                .FirstOrDefault();
}
