using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.State;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>What the database knows of the folders of runs: which it ordered, and which were over before a step began.</summary>
internal sealed class StateFolderLedger(StateDatabase database)
{
    /// <summary>Whether a run of that id is known.</summary>
    public Task<bool> IsRunAsync(string id, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.Scalar("SELECT EXISTS (SELECT 1 FROM runs WHERE id = @id)", ("@id", id)) == 1, cancellationToken);

    /// <summary>
    /// The runs about which nothing more was decided once a run was asked for, the newest first: they were over, and so were their folders.
    /// By the order of the decisions and not by clocks, which say when a program ended and not when that was recorded.
    /// </summary>
    public Task<IReadOnlyList<string>> EndedBeforeAsync(Run run, int most, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<string>>(
            connection => connection.Query(
                """
                SELECT id FROM runs
                WHERE ended_at IS NOT NULL AND ended_at < @started AND state NOT IN ('queued', 'running')
                  AND NOT EXISTS (SELECT 1 FROM decisions WHERE run_id = runs.id AND decisions.id >= (SELECT MIN(id) FROM decisions WHERE run_id = @id))
                ORDER BY created_at DESC LIMIT @most
                """,
                static reader => reader.GetString(0),
                ("@id", run.Id),
                ("@started", run.StartedAt),
                ("@most", most)),
            cancellationToken);
}
