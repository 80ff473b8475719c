using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Runs;

/// <summary>The runs below a run in the database, of any depth.</summary>
internal static class SubRunRows
{
    /// <summary>Begins a statement that goes on with the ids in <c>below</c>; <c>@id</c> is the run.</summary>
    public const string Below =
        "WITH RECURSIVE below (id) AS (SELECT id FROM runs WHERE parent_run_id = @id UNION SELECT runs.id FROM runs JOIN below ON runs.parent_run_id = below.id)";

    /// <summary>Asks for the end of all that has not ended below a run.</summary>
    /// <returns>Those runs.</returns>
    public static IReadOnlyList<Run> Cancel(SqliteConnection connection, string id, string reason)
    {
        connection.Execute(
            $"{Below} UPDATE runs SET cancel_reason = COALESCE(cancel_reason, @reason) WHERE id IN below AND state IN ('queued', 'running')",
            ("@id", id),
            ("@reason", reason));
        return connection.Query($"{Below} SELECT * FROM runs WHERE id IN below AND state IN ('queued', 'running')", RunStore.Map, ("@id", id));
    }
}
