using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The server processes and their sessions in the database.</summary>
internal sealed class SqliteServerStore(StateDatabase database) : IServerStore
{
    /// <inheritdoc/>
    public Task EnterAsync(ServerEntry entry, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    """
                    INSERT INTO servers (identity, pid, mode, trusted, held, started_at, workspace)
                      VALUES (@identity, @pid, @mode, @trusted, @held, @now, @workspace)
                    ON CONFLICT (identity) DO UPDATE SET trusted = @trusted, held = @held, workspace = @workspace
                    """,
                    ("@identity", entry.Identity),
                    ("@pid", entry.Pid),
                    ("@mode", entry.Mode),
                    ("@trusted", entry.Trusted),
                    ("@held", entry.Held),
                    ("@now", entry.StartedAt),
                    ("@workspace", entry.Workspace)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RemoveAsync(IReadOnlyList<string> identities, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                identities.Sum(identity => connection.Execute("DELETE FROM servers WHERE identity = @identity", ("@identity", identity))),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerEntry>> AllAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<ServerEntry>>(
            static connection =>
                connection.Query("SELECT * FROM servers ORDER BY started_at", static reader => ServerFields.Map(new SqliteRow(reader))),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<long> BeginSessionAsync(string identity, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                connection.Execute("UPDATE sessions SET ended_at = @now WHERE ended_at IS NULL", ("@now", now));
                connection.Execute(
                    "INSERT INTO sessions (identity, started_at) VALUES (@identity, @now)",
                    ("@identity", identity),
                    ("@now", now)
                );
                return connection.Scalar("SELECT last_insert_rowid()");
            },
            cancellationToken
        );

    /// <inheritdoc/>
    public Task EndSessionAsync(long session, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute("UPDATE sessions SET ended_at = @now WHERE id = @id", ("@now", now), ("@id", session)),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<ServerSession?> OpenSessionAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            static connection =>
                connection
                    .Query("SELECT id, identity, started_at, ended_at FROM sessions WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1", Map)
                    .FirstOrDefault(),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<ServerSession>> SessionsAsync(int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<ServerSession>>(
            connection =>
                connection.Query(
                    """
                    SELECT id, identity, started_at, ended_at,
                        (SELECT next.started_at FROM sessions AS next WHERE next.id > sessions.id ORDER BY next.id LIMIT 1) AS next_at
                    FROM sessions ORDER BY id DESC LIMIT @most
                    """,
                    reader =>
                    {
                        var session = Map(reader);
                        return session with { NextAt = reader.Moment("next_at"), Runs = StartedIn(connection, session) };
                    },
                    ("@most", most)
                ),
            cancellationToken
        );

    private static Dictionary<RunState, int> StartedIn(SqliteConnection connection, ServerSession session) =>
        connection
            .Query(
                "SELECT state, COUNT(*) FROM runs WHERE started_at >= @from AND (@to IS NULL OR started_at < @to) GROUP BY state",
                static counts => (State: RunNames.State(counts.GetString(0))!.Value, Count: counts.GetInt32(1)),
                ("@from", session.StartedAt),
                ("@to", session.EndedAt)
            )
            .ToDictionary(static run => run.State, static run => run.Count);

    private static ServerSession Map(SqliteDataReader reader) => ServerFields.MapSession(new SqliteRow(reader));
}
