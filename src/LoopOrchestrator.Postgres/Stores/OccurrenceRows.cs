using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The ledger's rows; used within the transactions of the ledger and of pauses.</summary>
internal static class OccurrenceRows
{
    /// <summary>
    /// Has moments of a schedule measured that have their outcome now. It is measured when that is committed: what is rolled back is
    /// entered once more.
    /// </summary>
    public static void Measure(PostgresSession session, OccurrenceOutcome outcome, long count)
    {
        if (count > 0 && LoopMetrics.Occurrences.Enabled)
        {
            session.OnCommit(() =>
                LoopMetrics.Occurrences.Add(count, new KeyValuePair<string, object?>(LoopMetrics.Outcome, OccurrenceNames.Name(outcome)))
            );
        }
    }

    /// <summary>How many moments have no outcome yet, of a schedule or of all with <see cref="ScheduleState.AllSchedules"/>.</summary>
    public static long CountOpen(PostgresSession session, string scheduleId) =>
        session.Scalar(
            """
            SELECT COALESCE(SUM(count), 0)::bigint FROM occurrences
            WHERE workspace = @workspace AND state IN ('waiting', 'checking') AND (@id = '*' OR schedule_id = @id)
            """,
            ("@id", scheduleId)
        );
}
