using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The runs below a run, of any depth.</summary>
internal static class SubRunRows
{
    /// <summary>Begins a statement that goes on with the ids in <c>below</c>; <c>@id</c> is the run.</summary>
    public const string Below = """
        WITH RECURSIVE below (id) AS (
          SELECT id FROM runs WHERE workspace = @workspace AND parent_run_id = @id
          UNION SELECT runs.id FROM runs JOIN below ON runs.workspace = @workspace AND runs.parent_run_id = below.id)
        """;

    /// <summary>
    /// The statement of the schedule that a run is due to: its own, else that of the next above it which has one; empty for none.
    /// <c>runs</c> is the run.
    /// </summary>
    public const string ScheduleOf = """
        (WITH RECURSIVE above (schedule_id, parent_run_id) AS (
            SELECT runs.schedule_id, runs.parent_run_id
            UNION ALL SELECT parent.schedule_id, parent.parent_run_id FROM runs AS parent
              JOIN above ON parent.workspace = @workspace AND parent.id = above.parent_run_id
              WHERE above.schedule_id IS NULL)
         SELECT schedule_id FROM above WHERE schedule_id IS NOT NULL LIMIT 1)
        """;

    private const string Going = "workspace = @workspace AND id IN (SELECT id FROM below) AND state IN ('queued', 'running')";

    /// <summary>Asks for the end of all that has not ended below a run.</summary>
    /// <returns>Those runs.</returns>
    public static IReadOnlyList<Run> Cancel(PostgresSession session, string id, string reason)
    {
        session.Execute(
            $"{Below} UPDATE runs SET cancel_reason = COALESCE(cancel_reason, @reason) WHERE {Going}",
            ("@id", id),
            ("@reason", reason)
        );
        return session.Query($"{Below} SELECT * FROM runs WHERE {Going}", RunFields.Map, ("@id", id));
    }
}
