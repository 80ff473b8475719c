using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Telemetry;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The ledger's rows in the database; used within the transactions of <see cref="SqliteOccurrenceLedger"/>.</summary>
internal static class OccurrenceRows
{
    /// <summary>The start of a query for <see cref="MapWithRun"/>; the table is called <c>o</c> in it.</summary>
    public const string WithRuns = "SELECT o.*, r.state AS run_state FROM occurrences AS o LEFT JOIN runs AS r ON r.id = o.run_id";

    /// <summary>
    /// Has moments of a schedule measured that have their outcome now. It is measured when that is on disk: what is rolled back is entered
    /// once more.
    /// </summary>
    public static void Measure(SqliteConnection connection, OccurrenceOutcome outcome, long count)
    {
        if (count > 0 && LoopMetrics.Occurrences.Enabled)
        {
            ((PreparedConnection)connection).OnCommit(() =>
                LoopMetrics.Occurrences.Add(count, new KeyValuePair<string, object?>(LoopMetrics.Outcome, OccurrenceNames.Name(outcome)))
            );
        }
    }

    /// <summary>How many moments have no outcome yet, of a schedule or of all with <see cref="ScheduleState.AllSchedules"/>.</summary>
    public static long CountOpen(SqliteConnection connection, string scheduleId) =>
        connection.Scalar(
            "SELECT COALESCE(SUM(count), 0) FROM occurrences WHERE state IN ('waiting', 'checking') AND (@id = '*' OR schedule_id = @id)",
            ("@id", scheduleId)
        );

    /// <summary>The latest folders of checks of a schedule whose occurrences do not wait for them any more.</summary>
    public static List<string> DroppedChecks(SqliteConnection connection, string scheduleId, int most) =>
        connection.Query(
            """
            SELECT check_folder FROM occurrences
            WHERE schedule_id = @id AND state NOT IN ('waiting', 'checking') AND check_folder IS NOT NULL
            ORDER BY due_at DESC LIMIT @most
            """,
            static reader => reader.GetString(0),
            ("@id", scheduleId),
            ("@most", most)
        );

    /// <summary>The streak that a schedule is in; see <see cref="IOccurrenceLedger.SkipStreakAsync"/>.</summary>
    public static SkipStreak? SkipStreak(SqliteConnection connection, string scheduleId) =>
        connection
            .Query(
                // Each part goes from the newest row back, and stops where the streak begins.
                """
                SELECT SUM(count) AS n, MIN(due_at) AS first, MAX(last_due_at) AS last, (
                    SELECT reason FROM occurrences WHERE schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL
                    ORDER BY due_at DESC LIMIT 1) AS reason
                FROM occurrences
                WHERE schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL AND due_at > COALESCE((
                    SELECT due_at FROM occurrences
                    WHERE schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL
                      AND (outcome <> 'skipped' OR COALESCE(reason_code, '') IN ('paused', 'check_said_no'))
                    ORDER BY due_at DESC LIMIT 1), @never)
                """,
                static reader => OccurrenceFields.MapStreak(new SqliteRow(reader)),
                ("@id", scheduleId),
                ("@never", long.MinValue)
            )
            .FirstOrDefault();

    /// <summary>A slot, of a row that counts single moments.</summary>
    public static OccurrenceSlot MapSlot(SqliteDataReader reader) => OccurrenceFields.MapSlot(new SqliteRow(reader));

    /// <summary>What is recorded of a schedule.</summary>
    public static ScheduleState MapState(SqliteDataReader reader) => OccurrenceFields.MapState(new SqliteRow(reader));

    /// <summary>An occurrence with the state of its run.</summary>
    public static Occurrence MapWithRun(SqliteDataReader reader) => OccurrenceFields.MapWithRun(new SqliteRow(reader));

    /// <summary>An occurrence.</summary>
    public static Occurrence MapOccurrence(SqliteDataReader reader) => OccurrenceFields.Map(new SqliteRow(reader));
}
