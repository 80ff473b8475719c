using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The calls with a request id.</summary>
internal sealed class PostgresRequestStore(PostgresDatabase database) : IRequestStore
{
    private const string Open = "workspace = @workspace AND tool = @tool AND id_hash = @hash AND answer IS NULL";

    /// <inheritdoc/>
    public Task<RecordedRequest?> FindAsync(RequestKey key, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => RequestRows.Find(session, key), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordedRequest?> EnterAsync(
        RequestKey key,
        string? note,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) => database.WriteAsync(session => RequestRows.Enter(session, key, now, runId: null, note), cancellationToken);

    /// <inheritdoc/>
    public Task AnswerAsync(RequestKey key, string answer, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"UPDATE requests SET answer = @answer WHERE {Open}",
                    ("@tool", key.Tool),
                    ("@hash", key.Hash),
                    ("@answer", answer)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task WithdrawAsync(RequestKey key, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute($"DELETE FROM requests WHERE {Open} AND run_id IS NULL", ("@tool", key.Tool), ("@hash", key.Hash)),
            cancellationToken
        );
}
