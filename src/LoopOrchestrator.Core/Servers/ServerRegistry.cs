using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.State;

namespace LoopOrchestrator.Core.Servers;

/// <summary>
/// Which server processes a workspace has, and who of them holds the scheduler lock since when (a session). Entries of dead processes
/// are passed over and taken away. Safe for many threads.
/// </summary>
public sealed class ServerRegistry(StateDatabase database, TimeProvider time)
{
    /// <summary>Enters this process, or brings its entry up to date.</summary>
    public Task EnterAsync(string mode, bool trusted, CancellationToken cancellationToken = default) =>
        EnterAsync(mode, new ServerTrust(trusted, ""), cancellationToken);

    /// <summary>Enters this process, or brings its entry up to date.</summary>
    public Task EnterAsync(string mode, ServerTrust trust, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                INSERT INTO servers (identity, pid, mode, trusted, held, started_at) VALUES (@identity, @pid, @mode, @trusted, @held, @now)
                ON CONFLICT (identity) DO UPDATE SET trusted = @trusted, held = @held
                """,
                ("@identity", ProcessIdentity.Current.ToString()),
                ("@pid", ProcessIdentity.Current.Pid),
                ("@mode", mode),
                ("@trusted", trust.IsTrusted),
                ("@held", trust.Held),
                ("@now", time.GetUtcNow())),
            cancellationToken);

    /// <summary>Takes this process out, and those that are dead.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        var gone = (await AllAsync(cancellationToken)).Where(static server => ProcessIdentity.Parse(server.Identity) is not { } identity || identity == ProcessIdentity.Current || !identity.IsAlive()).ToList();
        await database.WriteAsync(
            (connection, _) => gone.Sum(server => connection.Execute("DELETE FROM servers WHERE identity = @identity", ("@identity", server.Identity))),
            cancellationToken);
    }

    /// <summary>The processes that are alive.</summary>
    public async Task<IReadOnlyList<ServerEntry>> AliveAsync(CancellationToken cancellationToken = default) =>
        (await AllAsync(cancellationToken)).Where(static server => ProcessIdentity.Parse(server.Identity)?.IsAlive() == true).ToList();

    /// <summary>Begins a session: this process holds the scheduler lock from now on. A session that its holder could not end is ended now.</summary>
    public Task<long> BeginSessionAsync(CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                var now = time.GetUtcNow();
                connection.Execute("UPDATE sessions SET ended_at = @now WHERE ended_at IS NULL", ("@now", now));
                connection.Execute("INSERT INTO sessions (identity, started_at) VALUES (@identity, @now)", ("@identity", ProcessIdentity.Current.ToString()), ("@now", now));
                return connection.Scalar("SELECT last_insert_rowid()");
            },
            cancellationToken);

    /// <summary>Ends a session.</summary>
    public Task EndSessionAsync(long session, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => connection.Execute("UPDATE sessions SET ended_at = @now WHERE id = @id", ("@now", time.GetUtcNow()), ("@id", session)), cancellationToken);

    /// <summary>The process that holds the scheduler lock, if one does and is alive, and since when.</summary>
    public async Task<(string Identity, DateTimeOffset Since)?> HolderAsync(CancellationToken cancellationToken = default)
    {
        var open = await database.ReadAsync(
            static connection => connection.Query("SELECT identity, started_at FROM sessions WHERE ended_at IS NULL ORDER BY id DESC LIMIT 1", static reader => (reader.GetString(0), reader.Moment("started_at")!.Value)),
            cancellationToken);
        return open is [var (identity, since)] && ProcessIdentity.Parse(identity)?.IsAlive() == true ? (identity, since) : null;
    }

    /// <summary>Sessions with the runs that were started meanwhile, the latest first.</summary>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<SessionEntry>> SessionsAsync(int most, CancellationToken cancellationToken = default) => database.ReadAsync<IReadOnlyList<SessionEntry>>(
        connection => connection.Query(
            """
            SELECT id, identity, started_at, ended_at, (SELECT next.started_at FROM sessions AS next WHERE next.id > sessions.id ORDER BY next.id LIMIT 1) AS next_at
            FROM sessions ORDER BY id DESC LIMIT @most
            """,
            reader =>
            {
                var (identity, started, ended) = (reader.Text("identity")!, reader.Moment("started_at")!.Value, reader.Moment("ended_at"));
                var runs = connection.Query(
                    "SELECT state, COUNT(*) FROM runs WHERE started_at >= @from AND (@to IS NULL OR started_at < @to) GROUP BY state",
                    static counts => (State: RunNames.State(counts.GetString(0))!.Value, Count: counts.GetInt32(1)),
                    ("@from", started),
                    ("@to", ended));
                return new SessionEntry(reader.Integer("id")!.Value, identity, started, ended, State(identity, ended, reader.Moment("next_at")), runs.ToDictionary(static run => run.State, static run => run.Count));
            },
            ("@most", most)),
        cancellationToken);

    // One that could not end itself is ended by its successor, in the moment in which that begins.
    private static SessionState State(string identity, DateTimeOffset? ended, DateTimeOffset? next) => ended is { } end
        ? end == next ? SessionState.Crashed : SessionState.Ended
        : ProcessIdentity.Parse(identity)?.IsAlive() == true ? SessionState.Holding : SessionState.Crashed;

    private Task<List<ServerEntry>> AllAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            static connection => connection.Query(
                "SELECT * FROM servers ORDER BY started_at",
                static reader => new ServerEntry(
                    reader.Text("identity")!,
                    (int)reader.Integer("pid")!.Value,
                    reader.Text("mode")!,
                    reader.Integer("trusted") == 1,
                    reader.Moment("started_at")!.Value)
                {
                    Held = reader.Text("held") ?? "",
                }),
            cancellationToken);
}
