using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Storage.Sqlite.Database;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The calls with a request id in the database.</summary>
internal sealed class SqliteRequestStore(StateDatabase database) : IRequestStore
{
    private const string Open = "tool = @tool AND id_hash = @hash AND answer IS NULL";

    /// <inheritdoc/>
    public Task<RecordedRequest?> FindAsync(RequestKey key, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => RequestRows.Find(connection, key), cancellationToken);

    /// <inheritdoc/>
    public Task<RecordedRequest?> EnterAsync(
        RequestKey key,
        string? note,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) => database.WriteAsync((connection, _) => RequestRows.Enter(connection, key, now, runId: null, note), cancellationToken);

    /// <inheritdoc/>
    public Task AnswerAsync(RequestKey key, string answer, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
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
            (connection, _) =>
                connection.Execute($"DELETE FROM requests WHERE {Open} AND run_id IS NULL", ("@tool", key.Tool), ("@hash", key.Hash)),
            cancellationToken
        );
}
