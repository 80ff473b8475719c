using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The leases of hand-offs.</summary>
internal sealed class PostgresLeaseStore(PostgresDatabase database) : ILeaseStore
{
    private const string Held =
        "workspace = @workspace AND state = 'running' AND lease_token IS NOT NULL AND lease_kind IS DISTINCT FROM 'agent'";

    /// <inheritdoc/>
    public Task<bool> BeatAsync(string id, string token, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE runs SET lease_beat = lease_beat + 1
                    WHERE {Held} AND id = @id AND lease_token = @token AND lease_beat = lease_seen
                    """,
                    ("@id", id),
                    ("@token", token)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> TakeOverAsync(string id, string token, string? owner, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE runs SET lease_kind = 'claim', lease_owner = @owner, lease_gone_at = NULL, lease_beat = lease_beat + 1
                    WHERE {Held} AND id = @id AND lease_token = @token
                    """,
                    ("@id", id),
                    ("@token", token),
                    ("@owner", owner)
                ) == 1,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> RenewAsync(string owner, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE runs SET lease_beat = CASE WHEN lease_beat = lease_seen THEN lease_beat + 1 ELSE lease_beat END
                    WHERE {Held} AND lease_kind = 'client' AND lease_owner = @owner
                    """,
                    ("@owner", owner)
                ) > 0,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> NoteGoneAsync(string owner, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE runs SET lease_gone_at = @now
                    WHERE {Held} AND lease_kind = 'client' AND lease_owner = @owner AND lease_gone_at IS NULL
                    """,
                    ("@owner", owner),
                    ("@now", now)
                ) > 0,
            cancellationToken
        );

    /// <inheritdoc/>
    public Task AgeAsync(TimeSpan elapsed, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE runs SET lease_idle_ms = CASE WHEN lease_beat = lease_seen THEN lease_idle_ms + @elapsed ELSE 0 END,
                      lease_seen = lease_beat
                    WHERE {Held}
                    """,
                    ("@elapsed", (long)elapsed.TotalMilliseconds)
                ),
            cancellationToken
        );
}
