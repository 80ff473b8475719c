namespace LoopOrchestrator.Core.Servers;

/// <summary>
/// The recorded server processes of a workspace and their sessions, dead ones included: which of them are alive, only a process on their
/// machine can say. Safe for many threads and processes.
/// </summary>
internal interface IServerStore
{
    /// <summary>
    /// Enters a process. Of one that is entered already, only what it may start and what it holds back is brought up to date.
    /// </summary>
    Task EnterAsync(ServerEntry entry, CancellationToken cancellationToken = default);

    /// <summary>Takes processes out.</summary>
    Task RemoveAsync(IReadOnlyList<string> identities, CancellationToken cancellationToken = default);

    /// <summary>All processes, the oldest first.</summary>
    Task<IReadOnlyList<ServerEntry>> AllAsync(CancellationToken cancellationToken = default);

    /// <summary>Begins a session. One that is open ends with it.</summary>
    /// <returns>Its number.</returns>
    Task<long> BeginSessionAsync(string identity, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Ends a session.</summary>
    Task EndSessionAsync(long session, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>The latest session that is open; <see langword="null"/> for none.</summary>
    Task<ServerSession?> OpenSessionAsync(CancellationToken cancellationToken = default);

    /// <summary>Sessions with the runs that were started meanwhile, the latest first.</summary>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<ServerSession>> SessionsAsync(int most, CancellationToken cancellationToken = default);
}
