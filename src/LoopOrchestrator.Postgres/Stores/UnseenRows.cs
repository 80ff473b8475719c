using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>What has ended and was not seen, counted where it lies: of a busy week only one run a subject leaves the database.</summary>
internal static class UnseenRows
{
    /// <summary>What succeeded.</summary>
    public static IReadOnlyList<UnseenRuns> Done(PostgresSession session, DateTimeOffset since) =>
        Read(
            session,
            AcknowledgementSubject.Done,
            """
            SELECT r.id, r.schedule_id, r.ended_at FROM runs AS r
            WHERE r.workspace = @workspace AND r.state = 'succeeded' AND r.ended_at > @since
              AND r.ended_at > COALESCE(
                (SELECT until_at FROM acknowledgements WHERE workspace = @workspace AND subject = @all), '-infinity')
              AND r.parent_run_id IS NULL AND NOT r.unverified
            """,
            before: "",
            ("@since", since),
            ("@all", AcknowledgementSubject.AllDone)
        );

    /// <summary>
    /// What failed and was not made good. Of each schedule, and of each task without one, the latest success is looked for once, however
    /// often the work has failed since.
    /// </summary>
    public static IReadOnlyList<UnseenRuns> Failed(PostgresSession session, DateTimeOffset since) =>
        Read(
            session,
            AcknowledgementSubject.Failed,
            """
            SELECT id, schedule_id, ended_at FROM failed
            WHERE NOT EXISTS (SELECT 1 FROM scheduled WHERE scheduled.schedule_id = failed.schedule_id
                AND scheduled.at >= failed.created_at)
              AND NOT EXISTS (SELECT 1 FROM others WHERE failed.schedule_id IS NULL AND others.mode = failed.mode
                AND others.task = failed.task AND others.at >= failed.created_at)
            """,
            $"""
            failed AS MATERIALIZED (
              SELECT r.id, r.schedule_id, r.mode, r.task, r.created_at, r.ended_at FROM runs AS r
              WHERE r.workspace = @workspace AND r.state IN ('failed', 'timed_out', 'interrupted') AND r.ended_at > @since
                AND r.parent_run_id IS NULL AND NOT r.unverified
                AND r.ended_at > COALESCE((SELECT until_at FROM acknowledgements AS seen
                  WHERE seen.workspace = @workspace AND seen.subject = {Subject("r")}), '-infinity')
                AND r.id NOT IN ({EscalationRows.OpenRuns})
                AND r.id NOT IN (SELECT run_id FROM agent_holds WHERE workspace = @workspace)),
            scheduled AS MATERIALIZED (
              SELECT schedule_id, (SELECT created_at FROM runs
                WHERE runs.workspace = @workspace AND runs.schedule_id = asked.schedule_id AND runs.state = 'succeeded'
                ORDER BY created_at DESC LIMIT 1) AS at
              FROM (SELECT DISTINCT schedule_id FROM failed WHERE schedule_id IS NOT NULL) AS asked),
            others AS MATERIALIZED (
              SELECT mode, task, MAX(created_at) AS at FROM runs
              WHERE workspace = @workspace AND state = 'succeeded' AND schedule_id IS NULL
                AND created_at >= (SELECT MIN(created_at) FROM failed WHERE schedule_id IS NULL)
              GROUP BY mode, task),
            """,
            ("@since", since)
        );

    private static string Subject(string run) =>
        $"(@kind || COALESCE('{AcknowledgementSubject.OfSchedule}' || {run}.schedule_id, '{AcknowledgementSubject.OfRun}' || {run}.id))";

    private static List<UnseenRuns> Read(
        PostgresSession session,
        string kind,
        string ended,
        string before,
        params (string Name, object? Value)[] parameters
    ) =>
        session.Query(
            $"""
            WITH {before} ended AS ({ended}),
              subjects AS (SELECT ended.*, {Subject("ended")} AS subject FROM ended),
              unseen AS (SELECT subject, id, COUNT(*) OVER alike AS count, MIN(ended_at) OVER alike AS first_at,
                  ROW_NUMBER() OVER (alike ORDER BY ended_at DESC, id DESC) AS place
                FROM subjects
                WHERE ended_at > COALESCE((SELECT until_at FROM acknowledgements AS seen
                  WHERE seen.workspace = @workspace AND seen.subject = subjects.subject), '-infinity')
                WINDOW alike AS (PARTITION BY subject))
            SELECT unseen.subject AS unseen_subject, unseen.count AS unseen_count, unseen.first_at AS unseen_first, runs.*
            FROM unseen JOIN runs ON runs.workspace = @workspace AND runs.id = unseen.id WHERE unseen.place = 1
            ORDER BY unseen.first_at, unseen.id LIMIT {UnseenRuns.MaxSubjects}
            """,
            static row => new UnseenRuns(
                row.Text("unseen_subject")!,
                (int)row.Integer("unseen_count")!.Value,
                row.Moment("unseen_first")!.Value,
                RunFields.Map(row)
            ),
            [.. parameters, ("@kind", kind)]
        );
}
