namespace LoopOrchestrator.Mcp.Hosting.Connections;

/// <summary>
/// Who holds the server's connections. A connection without a request has no right to its place: it is closed when its time for
/// the first request head is over, and earlier when somebody else needs the place. So does, last of all, one that keeps its request's body
/// back; but before one that has only just been opened or answered, and later than that body has begun. So a client that asks for something
/// is served beside any number that only connect, or only begin. Safe for any number of threads.
/// </summary>
/// <param name="limits">How many, and how long.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionPlaces(ConnectionLimits limits, TimeProvider time)
{
    // For how long one may have been open without its first request head, or have rested since its last answer, and still be as good as
    // any: who asks for one thing after the other is cut off in the middle of a request when its connection is taken between two.
    private static readonly TimeSpan New = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HeldConnection> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _byPeer = new(StringComparer.Ordinal);

    /// <summary>How many connections are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _held.Count;
            }
        }
    }

    /// <summary>
    /// Gives a new connection a place. Where there is none left, or none for its peer, the connection that has been without a
    /// request for longest gives up its own: one that never sent any before one that rests between two, and that before one whose request
    /// has been coming for longest. One that was opened or answered within the last second does not give way before one that has rested for
    /// longer than that, nor before a body that was begun earlier.
    /// </summary>
    /// <param name="id">The connection, unique.</param>
    /// <param name="peer">Where it comes from, without the port.</param>
    /// <param name="close">Closes it; called at most once, on any thread.</param>
    /// <returns>Whether it may stay. It may not when all places that it could have are held by requests.</returns>
    public bool TryEnter(string id, string peer, Action close)
    {
        HeldConnection? evicted = null;
        lock (_lock)
        {
            if (_byPeer.GetValueOrDefault(peer) >= limits.PlacesPerPeer)
            {
                evicted = FindIdle(peer);
            }
            else if (_held.Count >= limits.Places)
            {
                evicted = FindIdle(PeerWithMostIdle());
            }
            else
            {
                Add(id, peer, close);
                return true;
            }

            if (evicted is null)
            {
                return false;
            }

            Remove(evicted.Id);
            Add(id, peer, close);
        }

        evicted.Close();
        return true;
    }

    /// <summary>
    /// A request head has come whole; until <see cref="EndRequest"/> the connection keeps its place, as soon as the body is there too.
    /// </summary>
    /// <param name="id">The connection.</param>
    /// <param name="hasBody">Whether there is one to come, see <see cref="EndBody"/>.</param>
    public void BeginRequest(string id, bool hasBody = false) => Change(id, (held, now) =>
        {
            held.Requests++;
            if (hasBody)
            {
                held.Bodies++;
                held.IdleSince = now;
            }
        });

    /// <summary>The body of a request has come to its end, or is not waited for any more.</summary>
    public void EndBody(string id) => Change(id, static (held, _) => held.Bodies = Math.Max(0, held.Bodies - 1));

    /// <summary>The answer has been given.</summary>
    public void EndRequest(string id) => Change(id, static (held, now) =>
        {
            held.Requests--;
            held.Bodies = Math.Min(held.Bodies, held.Requests);
            held.Served = true;
            held.IdleSince = now;
        });

    /// <summary>The connection has been closed.</summary>
    public void Leave(string id)
    {
        lock (_lock)
        {
            Remove(id);
        }
    }

    /// <summary>Starts the time that a connection has for its first request head; when it is over without one, it is closed.</summary>
    /// <returns>To be disposed of with the connection.</returns>
    public ITimer StartHeadTimer(string id) =>
        time.CreateTimer(_ => CloseIfSilent(id), state: null, limits.HeadTimeout, Timeout.InfiniteTimeSpan);

    private void CloseIfSilent(string id)
    {
        HeldConnection? held;
        lock (_lock)
        {
            if (!_held.TryGetValue(id, out held) || !held.IsSilent)
            {
                return;
            }

            Remove(id);
        }

        held.Close();
    }

    private void Add(string id, string peer, Action close)
    {
        _held.Add(id, new HeldConnection(id, peer, close) { IdleSince = time.GetTimestamp() });
        _byPeer[peer] = _byPeer.GetValueOrDefault(peer) + 1;
    }

    private void Remove(string id)
    {
        if (!_held.Remove(id, out var held))
        {
            return;
        }

        if (--_byPeer[held.Peer] == 0)
        {
            _byPeer.Remove(held.Peer);
        }
    }

    private void Change(string id, Action<HeldConnection, long> change)
    {
        lock (_lock)
        {
            if (_held.TryGetValue(id, out var held))
            {
                change(held, time.GetTimestamp());
            }
        }
    }

    private HeldConnection? FindIdle(string? peer)
    {
        var mayGo = _held.Values.Where(held => held.MayGo && string.Equals(held.Peer, peer, StringComparison.Ordinal)).ToList();
        var idle = mayGo
            .Where(static held => held.Requests == 0)
            .OrderBy(IsNew)
            .ThenBy(static held => held.Served)
            .ThenBy(static held => held.IdleSince)
            .FirstOrDefault();
        if (idle is not null && !IsNew(idle))
        {
            return idle;
        }

        // Whoever has no request is new. Of the bodies, those that were begun after the first of these came are newer still.
        return mayGo
            .Where(held => held.Requests > 0 && (idle is null || held.IdleSince < idle.IdleSince))
            .OrderBy(static held => held.Served)
            .ThenBy(static held => held.IdleSince)
            .FirstOrDefault()
            ?? idle;
    }

    private bool IsNew(HeldConnection held) => time.GetElapsedTime(held.IdleSince) <= New;

    private string? PeerWithMostIdle() =>
        _held
            .Values.Where(static held => held.MayGo)
            .GroupBy(static held => held.Peer, StringComparer.Ordinal)
            .MaxBy(static group => group.Count())
            ?.Key;
}
