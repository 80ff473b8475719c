using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Servers;

/// <summary>
/// Which server processes a workspace has, and who of them holds the scheduler lock since when (a session). Entries of dead processes
/// are passed over and taken away. Safe for many threads.
/// </summary>
public sealed class ServerRegistry
{
    private readonly IServerStore _store;
    private readonly TimeProvider _time;
    private readonly string? _root;

    /// <param name="store">Where they are recorded.</param>
    /// <param name="time">The clock.</param>
    /// <param name="root">The workspace's folder, by which servers of a folder that it is a copy of are told apart; not where not given.
    /// </param>
    internal ServerRegistry(IServerStore store, TimeProvider time, string? root = null)
    {
        _store = store;
        _time = time;
        _root = root;
    }

    private static string Self => ProcessIdentity.Current.ToString();

    /// <summary>Enters this process, or brings its entry up to date.</summary>
    public Task EnterAsync(string mode, bool trusted, CancellationToken cancellationToken = default) =>
        EnterAsync(mode, new ServerTrust(trusted, ""), cancellationToken);

    /// <summary>Enters this process, or brings its entry up to date.</summary>
    public Task EnterAsync(string mode, ServerTrust trust, CancellationToken cancellationToken = default) =>
        _store.EnterAsync(
            new ServerEntry(Self, ProcessIdentity.Current.Pid, mode, trust.IsTrusted, _time.GetUtcNow())
            {
                Held = trust.Held,
                Workspace = _root,
            },
            cancellationToken
        );

    /// <summary>Takes this process out, and those that are dead.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken = default)
    {
        var gone = (await _store.AllAsync(cancellationToken))
            .Select(static server => server.Identity)
            .Where(static text => text == Self || !IsAlive(text))
            .ToList();
        await _store.RemoveAsync(gone, cancellationToken);
    }

    /// <summary>The processes that are alive and work in this folder.</summary>
    public async Task<IReadOnlyList<ServerEntry>> AliveAsync(CancellationToken cancellationToken = default) =>
        (await _store.AllAsync(cancellationToken)).Where(server => IsAlive(server.Identity) && IsHere(server)).ToList();

    /// <summary>
    /// The processes that are alive and recorded here, and work in another folder: this one is a copy of theirs, or was moved under them.
    /// </summary>
    public async Task<IReadOnlyList<ServerEntry>> ElsewhereAsync(CancellationToken cancellationToken = default) =>
        (await _store.AllAsync(cancellationToken)).Where(server => IsAlive(server.Identity) && !IsHere(server)).ToList();

    /// <summary>
    /// Begins a session: this process holds the scheduler lock from now on. A session that its holder could not end is ended now.
    /// </summary>
    public Task<long> BeginSessionAsync(CancellationToken cancellationToken = default) =>
        _store.BeginSessionAsync(Self, _time.GetUtcNow(), cancellationToken);

    /// <summary>Ends a session.</summary>
    public Task EndSessionAsync(long session, CancellationToken cancellationToken = default) =>
        _store.EndSessionAsync(session, _time.GetUtcNow(), cancellationToken);

    /// <summary>The process that holds the scheduler lock, if one does and is alive, and since when.</summary>
    public async Task<SchedulerHolder?> HolderAsync(CancellationToken cancellationToken = default) =>
        await _store.OpenSessionAsync(cancellationToken) is { } open
        && IsAlive(open.Identity)
        && !(await ElsewhereAsync(cancellationToken)).Any(server => server.Identity == open.Identity)
            ? new SchedulerHolder(open.Identity, open.StartedAt)
            : null;

    /// <summary>Sessions with the runs that were started meanwhile, the latest first.</summary>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<SessionEntry>> SessionsAsync(int most, CancellationToken cancellationToken = default) =>
        [
            .. (await _store.SessionsAsync(most, cancellationToken)).Select(static session => new SessionEntry(
                session.Id,
                session.Identity,
                session.StartedAt,
                session.EndedAt,
                StateOf(session),
                session.Runs
            )),
        ];

    // One that could not end itself is ended by its successor, in the moment in which that begins.
    private static SessionState StateOf(ServerSession session) =>
        session.EndedAt is { } end
            ? end == session.NextAt
                ? SessionState.Crashed
                : SessionState.Ended
            : IsAlive(session.Identity)
                ? SessionState.Holding
                : SessionState.Crashed;

    // One folder may have several paths (a bind mount, a link), so the folders are compared where the paths differ.
    private bool IsHere(ServerEntry server) =>
        _root is null
        || server.Workspace is not { } workspace
        || workspace == _root
        || (SpecialFile.Identity(_root) is { } here && SpecialFile.Identity(workspace) == here);

    private static bool IsAlive(string identity) => ProcessIdentity.Parse(identity)?.IsAlive() == true;
}
