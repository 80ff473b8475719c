using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>What has ended and was not seen, counted where it lies: of a busy week only one run a subject leaves the database.</summary>
internal static class UnseenRows
{
    public static IReadOnlyList<UnseenRuns> Done(SqliteConnection connection, DateTimeOffset since) =>
        Read(
            connection,
            AcknowledgementSubject.Done,
            // By the ends of attempts, which have an index, as where the latest of them are listed.
            """
            SELECT r.id, r.schedule_id, a.ended_at FROM attempts AS a INDEXED BY attempts_by_end
            CROSS JOIN runs AS r ON r.id = a.run_id AND r.attempt = a.number
            WHERE r.state = 'succeeded'
              AND a.ended_at > MAX(@since, COALESCE((SELECT until_at FROM acknowledgements WHERE subject = @all), 0))
              AND r.parent_run_id IS NULL AND r.unverified = 0
            """,
            before: "",
            ("@since", since),
            ("@all", AcknowledgementSubject.AllDone)
        );

    // Of each schedule, and of each task without one, the latest success is looked for once, however often the work has failed since.
    public static IReadOnlyList<UnseenRuns> Failed(SqliteConnection connection, DateTimeOffset since) =>
        Read(
            connection,
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
              SELECT r.id, r.schedule_id, r.mode, r.task, r.created_at, r.ended_at FROM runs AS r INDEXED BY runs_failed
              WHERE r.state IN ('failed', 'timed_out', 'interrupted') AND r.ended_at > @since AND r.parent_run_id IS NULL
                AND r.unverified = 0
                AND r.ended_at > COALESCE((SELECT until_at FROM acknowledgements AS seen WHERE seen.subject = {Subject("r")}), 0)
                AND r.id NOT IN (
                  SELECT one.value FROM escalations, json_each(escalations.runs) AS one WHERE escalations.resolved_at IS NULL)
                AND r.id NOT IN (SELECT run_id FROM agent_holds)),
            scheduled AS MATERIALIZED (
              SELECT schedule_id, (SELECT created_at FROM runs WHERE runs.schedule_id = asked.schedule_id AND runs.state = 'succeeded'
                ORDER BY created_at DESC LIMIT 1) AS at
              FROM (SELECT DISTINCT schedule_id FROM failed WHERE schedule_id IS NOT NULL) AS asked),
            others AS MATERIALIZED (
              SELECT mode, task, MAX(created_at) AS at FROM runs
              WHERE state = 'succeeded' AND created_at >= (SELECT MIN(created_at) FROM failed WHERE schedule_id IS NULL)
                AND schedule_id IS NULL
              GROUP BY mode, task),
            """,
            ("@since", since)
        );

    private static string Subject(string run) =>
        $"@kind || COALESCE('{AcknowledgementSubject.OfSchedule}' || {run}.schedule_id, '{AcknowledgementSubject.OfRun}' || {run}.id)";

    private static List<UnseenRuns> Read(
        SqliteConnection connection,
        string kind,
        string ended,
        string before,
        params (string Name, object? Value)[] parameters
    ) =>
        connection.Query(
            $"""
            WITH {before} ended AS ({ended}),
              subjects AS (SELECT ended.*, {Subject("ended")} AS subject FROM ended),
              unseen AS (SELECT subject, id, COUNT(*) OVER of AS count, MIN(ended_at) OVER of AS first_at,
                  ROW_NUMBER() OVER (PARTITION BY subject ORDER BY ended_at DESC, id DESC) AS place
                FROM subjects
                WHERE ended_at > COALESCE((SELECT until_at FROM acknowledgements AS seen WHERE seen.subject = subjects.subject), 0)
                WINDOW of AS (PARTITION BY subject))
            SELECT unseen.subject AS unseen_subject, unseen.count AS unseen_count, unseen.first_at AS unseen_first, runs.*
            FROM unseen JOIN runs ON runs.id = unseen.id WHERE unseen.place = 1
            ORDER BY unseen.first_at, unseen.id LIMIT {UnseenRuns.MaxSubjects}
            """,
            static reader => new UnseenRuns(
                reader.Text("unseen_subject")!,
                (int)reader.Integer("unseen_count")!.Value,
                reader.Moment("unseen_first")!.Value,
                RunRows.Map(reader)
            ),
            [.. parameters, ("@kind", kind)]
        );
}
