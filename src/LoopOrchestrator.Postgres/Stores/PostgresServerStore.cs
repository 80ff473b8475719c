using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The server processes and their sessions.</summary>
internal sealed class PostgresServerStore(PostgresDatabase database) : IServerStore
{
    /// <inheritdoc/>
    public Task EnterAsync(ServerEntry entry, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    INSERT INTO servers (workspace, identity, pid, mode, trusted, held, started_at, folder)
                    VALUES (@workspace, @identity, @pid, @mode, @trusted, @held, @now, @folder)
                    ON CONFLICT (workspace, identity) DO UPDATE SET trusted = excluded.trusted, held = excluded.held,
                      folder = excluded.folder
                    """,
                    ("@identity", entry.Identity),
                    ("@pid", entry.Pid),
                    ("@mode", entry.Mode),
                    ("@trusted", entry.Trusted),
                    ("@held", entry.Held),
                    ("@now", entry.StartedAt),
                    ("@folder", entry.Workspace)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveAsync(IReadOnlyList<string> identities, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    "DELETE FROM servers WHERE workspace = @workspace AND identity = ANY (@identities)",
                    ("@identities", identities.ToArray())
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerEntry>> AllAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<ServerEntry>>(
            static session =>
                session.Query(
                    """
                    SELECT identity, pid, mode, trusted, held, started_at, folder AS workspace
                    FROM servers WHERE workspace = @workspace ORDER BY started_at
                    """,
                    ServerFields.Map
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<long> BeginSessionAsync(string identity, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
            {
                session.Execute(
                    "UPDATE sessions SET ended_at = @now WHERE workspace = @workspace AND ended_at IS NULL",
                    ("@now", now)
                );
                return session.Scalar(
                    """
                    INSERT INTO sessions (workspace, id, identity, started_at) VALUES (@workspace,
                      (SELECT COALESCE(MAX(id), 0) + 1 FROM sessions WHERE workspace = @workspace), @identity, @now)
                    RETURNING id
                    """,
                    ("@identity", identity),
                    ("@now", now)
                );
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task EndSessionAsync(long session, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            rows =>
                rows.Execute(
                    "UPDATE sessions SET ended_at = @now WHERE workspace = @workspace AND id = @id",
                    ("@now", now),
                    ("@id", session)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<ServerSession?> OpenSessionAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static session =>
                session
                    .Query(
                        "SELECT * FROM sessions WHERE workspace = @workspace AND ended_at IS NULL ORDER BY id DESC LIMIT 1",
                        ServerFields.MapSession
                    )
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerSession>> SessionsAsync(int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<ServerSession>>(
            session =>
                session
                    .Query(
                        """
                        SELECT id, identity, started_at, ended_at, LEAD(started_at) OVER (ORDER BY id) AS next_at
                        FROM sessions WHERE workspace = @workspace ORDER BY id DESC LIMIT @most
                        """,
                        static row => ServerFields.MapSession(row) with { NextAt = row.Moment("next_at") },
                        ("@most", most)
                    )
                    .ConvertAll(one => one with { Runs = StartedIn(session, one) }),
            cancellationToken
        );

    private static Dictionary<RunState, int> StartedIn(PostgresSession session, ServerSession one) =>
        session
            .Query(
                """
                SELECT state, COUNT(*) FROM runs
                WHERE workspace = @workspace AND started_at >= @from AND (@to::timestamptz IS NULL OR started_at < @to::timestamptz)
                GROUP BY state
                """,
                static row => (State: RunNames.State(row.At<string>(0))!.Value, Count: (int)row.At<long>(1)),
                ("@from", one.StartedAt),
                ("@to", one.EndedAt)
            )
            .ToDictionary(static run => run.State, static run => run.Count);
}
