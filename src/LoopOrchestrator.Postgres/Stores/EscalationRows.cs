using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>Counts of failures; used within the transaction that ends a run, so that each end counts once.</summary>
internal static class EscalationRows
{
    /// <summary>The runs of open escalations, as a statement's part.</summary>
    public const string OpenRuns = """
        SELECT one.value FROM escalations, jsonb_array_elements_text(escalations.runs::jsonb) AS one (value)
        WHERE escalations.workspace = @workspace AND escalations.resolved_at IS NULL
        """;

    /// <summary>The runs of a step that failed since it last succeeded or was resolved.</summary>
    public static IReadOnlyList<string> FailedRuns(PostgresSession session, string step) =>
        session
            .Query(
                "SELECT runs FROM failing_steps WHERE workspace = @workspace AND step = @step",
                static row => TextLists.Read(row.Text("runs")),
                ("@step", step)
            )
            .FirstOrDefault()
        ?? [];
}
