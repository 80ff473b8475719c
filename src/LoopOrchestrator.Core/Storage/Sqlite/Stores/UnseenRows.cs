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
            SELECT r.id, r.schedule_id, r.ended_at FROM attempts AS a INDEXED BY attempts_by_end
            CROSS JOIN runs AS r ON r.id = a.run_id AND r.attempt = a.number
            WHERE r.state = 'succeeded'
              AND a.ended_at > MAX(@since, COALESCE((SELECT until_at FROM acknowledgements WHERE subject = @all), 0))
              AND r.parent_run_id IS NULL AND r.unverified = 0
            """,
            ("@since", since),
            ("@all", AcknowledgementSubject.AllDone)
        );

    public static IReadOnlyList<UnseenRuns> Failed(SqliteConnection connection, DateTimeOffset since) =>
        Read(
            connection,
            AcknowledgementSubject.Failed,
            $"""
            SELECT r.id, r.schedule_id, r.ended_at FROM runs AS r INDEXED BY runs_failed
            WHERE r.state IN ('failed', 'timed_out', 'interrupted') AND r.ended_at > @since AND r.parent_run_id IS NULL AND r.unverified = 0
              AND NOT EXISTS ({RunRows.SucceededLater("r")})
              AND r.id NOT IN (SELECT one.value FROM escalations, json_each(escalations.runs) AS one WHERE escalations.resolved_at IS NULL)
              AND r.id NOT IN (SELECT run_id FROM agent_holds WHERE run_id IS NOT NULL)
            """,
            ("@since", since)
        );

    private static List<UnseenRuns> Read(
        SqliteConnection connection,
        string kind,
        string ended,
        params (string Name, object? Value)[] parameters
    ) =>
        connection.Query(
            $"""
            WITH ended AS ({ended}),
              subjects AS (SELECT *, @kind || COALESCE('{AcknowledgementSubject.OfSchedule}' || schedule_id,
                '{AcknowledgementSubject.OfRun}' || id) AS subject FROM ended),
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
