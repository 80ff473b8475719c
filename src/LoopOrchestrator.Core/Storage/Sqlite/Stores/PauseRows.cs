using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Pauses in the database; used within the transactions of those who pause: people, escalations, budgets.</summary>
internal static class PauseRows
{
    private const string Dropped = "dropped when the schedule was paused";

    /// <summary>
    /// Pauses a schedule, or all with <see cref="ScheduleState.AllSchedules"/>, and drops its backlog. A pause that a person has made is
    /// left as it is by one that is not.
    /// </summary>
    /// <returns>The ids of the queued runs that were cancelled.</returns>
    public static IReadOnlyList<string> Pause(SqliteConnection connection, string scheduleId, string reason, DateTimeOffset now, DateTimeOffset? until, bool isUsers)
    {
        connection.Execute(
            """
            INSERT INTO schedules (id, paused_at, paused_reason, paused_until) VALUES (@id, @now, @reason, @until)
            ON CONFLICT (id) DO UPDATE SET paused_at = COALESCE(paused_at, @now), paused_reason = @reason, paused_until = @until
            WHERE @isUsers OR paused_at IS NULL OR (paused_until IS NOT NULL AND @until IS NULL)
            """,
            ("@id", scheduleId),
            ("@now", now),
            ("@reason", reason),
            ("@until", until),
            ("@isUsers", isUsers));
        connection.Execute(
            "UPDATE occurrences SET outcome = 'skipped', reason = @why, decided_at = @now WHERE outcome IS NULL AND (@id = '*' OR schedule_id = @id)",
            ("@id", scheduleId),
            ("@why", Dropped),
            ("@now", now));
        var dropped = connection.Query(
            "SELECT id FROM runs WHERE state = 'queued' AND schedule_id IS NOT NULL AND (@id = '*' OR schedule_id = @id)",
            static reader => reader.GetString(0),
            ("@id", scheduleId));
        foreach (var run in dropped)
        {
            // One that waited for a further attempt has an open row in the time log.
            connection.Execute(
                """
                UPDATE runs SET state = 'cancelled', reason = 'dropped from the queue when its schedule was paused', ended_at = @now, not_before = NULL,
                    stop_row_pending = CASE WHEN started_at IS NULL THEN stop_row_pending ELSE 1 END
                WHERE id = @run
                """,
                ("@run", run),
                ("@now", now));
            RunRows.InsertDecision(connection, run, now, $"cancelled: dropped from the queue when its schedule was paused: {reason}");

            // Its due moment was not met after all, unless an attempt of it was made. What was asked for by hand belongs to none.
            connection.Execute(
                "UPDATE occurrences SET outcome = 'skipped', reason = @why, decided_at = @now WHERE run_id = @run AND outcome = 'started' AND reason IS NOT @byHand AND (SELECT started_at FROM runs WHERE id = @run) IS NULL",
                ("@run", run),
                ("@byHand", Occurrence.ByHand),
                ("@why", Dropped),
                ("@now", now));
        }

        return dropped;
    }

    /// <summary>Ends a pause. False when there was none.</summary>
    public static bool Resume(SqliteConnection connection, string scheduleId, DateTimeOffset now) =>
        connection.Execute(
            "UPDATE schedules SET paused_at = NULL, paused_reason = NULL, paused_until = NULL, resumed_at = @now WHERE id = @id AND paused_at IS NOT NULL",
            ("@id", scheduleId),
            ("@now", now)) == 1;

    /// <summary>Ends the pauses whose time is over; what is due at that very moment is no part of them.</summary>
    public static int EndDue(SqliteConnection connection, DateTimeOffset now) =>
        connection.Execute(
            "UPDATE schedules SET paused_at = NULL, paused_reason = NULL, resumed_at = paused_until - 1, paused_until = NULL WHERE paused_until <= @now",
            ("@now", now));

    /// <summary>Why a schedule is paused, by itself or with all; <see langword="null"/> when it is not.</summary>
    public static string? Reason(SqliteConnection connection, string? scheduleId) =>
        scheduleId is null ? null : connection
            .Query("SELECT paused_reason FROM schedules WHERE paused_at IS NOT NULL AND id IN (@id, '*')", static reader => reader.Text("paused_reason") ?? "", ("@id", scheduleId))
            .FirstOrDefault();
}
