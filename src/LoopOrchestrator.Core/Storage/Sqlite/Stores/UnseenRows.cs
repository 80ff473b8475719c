using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>What has ended and was not seen, counted where it lies: of a busy week only one run a subject leaves the database.</summary>
internal static class UnseenRows
{
    // The condition of the index runs_done, word for word: SQLite uses it for no other.
    private const string IsDone = "r.state = 'succeeded' AND r.parent_run_id IS NULL AND r.unverified = 0";

    private const string OfOne =
        "FROM runs AS r INDEXED BY runs_done WHERE r.schedule_id = bounds.schedule_id AND r.ended_at > bounds.since AND " + IsDone;

    // Of each schedule the entries of the index are counted, and its latest run alone is read; which schedules there are is found by
    // steps from one to the next.
    public static IReadOnlyList<UnseenRuns> Done(SqliteConnection connection, DateTimeOffset since) =>
        Read(
            connection,
            AcknowledgementSubject.Done,
            $"""
            RECURSIVE asked (schedule_id) AS (
                SELECT MIN(r.schedule_id) FROM runs AS r INDEXED BY runs_done WHERE {IsDone} AND r.schedule_id IS NOT NULL
                UNION ALL
                SELECT (SELECT MIN(r.schedule_id) FROM runs AS r INDEXED BY runs_done
                  WHERE {IsDone} AND r.schedule_id > asked.schedule_id)
                FROM asked WHERE asked.schedule_id IS NOT NULL),
              bounds AS MATERIALIZED (
                SELECT schedule_id, {Subject("asked")} AS subject, MAX(
                  @since,
                  COALESCE((SELECT until_at FROM acknowledgements WHERE subject = @all), 0),
                  COALESCE((SELECT until_at FROM acknowledgements AS seen WHERE seen.subject = {Subject("asked")}), 0)) AS since
                FROM (SELECT schedule_id, NULL AS id FROM asked WHERE schedule_id IS NOT NULL) AS asked),
              unseen AS (
                SELECT subject,
                  (SELECT COUNT(*) {OfOne}) AS count,
                  (SELECT r.ended_at {OfOne} ORDER BY r.ended_at LIMIT 1) AS first_at,
                  (SELECT r.id {OfOne} ORDER BY r.ended_at DESC, r.id DESC LIMIT 1) AS id
                FROM bounds
                UNION ALL
                SELECT {Subject("r")}, 1, r.ended_at, r.id FROM runs AS r INDEXED BY runs_done
                WHERE r.schedule_id IS NULL AND {IsDone}
                  AND r.ended_at > MAX(@since, COALESCE((SELECT until_at FROM acknowledgements WHERE subject = @all), 0))
                  AND r.ended_at > COALESCE((SELECT until_at FROM acknowledgements AS seen WHERE seen.subject = {Subject("r")}), 0))
            """,
            ("@since", since),
            ("@all", AcknowledgementSubject.AllDone)
        );

    // Of each schedule, and of each task without one, the latest success is looked for once, however often the work has failed since; what
    // a schedule has made good is left out before anything else is asked of it.
    public static IReadOnlyList<UnseenRuns> Failed(SqliteConnection connection, DateTimeOffset since) =>
        Read(
            connection,
            AcknowledgementSubject.Failed,
            $"""
            RECURSIVE asked (schedule_id) AS (
              SELECT MIN(schedule_id) FROM runs INDEXED BY runs_by_schedule WHERE schedule_id IS NOT NULL
              UNION ALL
              SELECT (SELECT MIN(schedule_id) FROM runs INDEXED BY runs_by_schedule WHERE runs.schedule_id > asked.schedule_id)
              FROM asked WHERE asked.schedule_id IS NOT NULL),
            scheduled AS MATERIALIZED (
              SELECT schedule_id, (SELECT created_at FROM runs WHERE runs.schedule_id = asked.schedule_id AND runs.state = 'succeeded'
                ORDER BY created_at DESC LIMIT 1) AS at
              FROM asked WHERE schedule_id IS NOT NULL),
            failed AS MATERIALIZED (
              SELECT r.id, r.schedule_id, r.mode, r.task, r.created_at, r.ended_at FROM runs AS r INDEXED BY runs_failed
              WHERE r.state IN ('failed', 'timed_out', 'interrupted') AND r.ended_at > @since AND r.parent_run_id IS NULL
                AND r.unverified = 0
                AND NOT EXISTS (SELECT 1 FROM scheduled WHERE scheduled.schedule_id = r.schedule_id AND scheduled.at >= r.created_at)
                AND r.ended_at > COALESCE((SELECT until_at FROM acknowledgements AS seen WHERE seen.subject = {Subject("r")}), 0)
                AND r.id NOT IN (
                  SELECT one.value FROM escalations, json_each(escalations.runs) AS one WHERE escalations.resolved_at IS NULL)
                AND r.id NOT IN (SELECT run_id FROM agent_holds)),
            others AS MATERIALIZED (
              SELECT mode, task, MAX(created_at) AS at FROM runs
              WHERE state = 'succeeded' AND created_at >= (SELECT MIN(created_at) FROM failed WHERE schedule_id IS NULL)
                AND schedule_id IS NULL
              GROUP BY mode, task),
            subjects AS (
              SELECT failed.id, failed.ended_at, {Subject("failed")} AS subject FROM failed
              WHERE NOT EXISTS (SELECT 1 FROM others WHERE failed.schedule_id IS NULL AND others.mode = failed.mode
                AND others.task = failed.task AND others.at >= failed.created_at)),
            placed AS (
              SELECT subject, id, COUNT(*) OVER of AS count, MIN(ended_at) OVER of AS first_at,
                  ROW_NUMBER() OVER (PARTITION BY subject ORDER BY ended_at DESC, id DESC) AS place
              FROM subjects WINDOW of AS (PARTITION BY subject)),
            unseen AS (SELECT subject, count, first_at, id FROM placed WHERE place = 1)
            """,
            ("@since", since)
        );

    private static string Subject(string run) =>
        $"@kind || COALESCE('{AcknowledgementSubject.OfSchedule}' || {run}.schedule_id, '{AcknowledgementSubject.OfRun}' || {run}.id)";

    // What is unseen has a subject, a count, the first end and the id of the latest run.
    private static List<UnseenRuns> Read(
        SqliteConnection connection,
        string kind,
        string unseen,
        params (string Name, object? Value)[] parameters
    ) =>
        connection.Query(
            $"""
            WITH {unseen}
            SELECT unseen.subject AS unseen_subject, unseen.count AS unseen_count, unseen.first_at AS unseen_first, runs.*
            FROM unseen JOIN runs ON runs.id = unseen.id
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
