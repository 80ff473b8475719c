namespace LoopOrchestrator.Mcp.Resources.Changes;

/// <summary>
/// One client's news. What it was not told yet is kept once for each resource, so that however slow it reads, nothing piles up; and it is
/// sent by a task of its own, so that nobody else waits. Safe for many threads.
/// </summary>
/// <param name="send">Tells the client of one resource; may take as long as the client does.</param>
internal sealed class ChangeListener(Func<string, CancellationToken, Task> send) : IDisposable
{
    /// <summary>The most resources that one client may hear of.</summary>
    public const int MaxResources = 100;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly List<string> _pending = [];
    private readonly SemaphoreSlim _signal = new(0, 1);
    private bool _isGone;

    /// <summary>What it wants to hear of.</summary>
    public IReadOnlyList<string> Wanted
    {
        get
        {
            lock (_gate)
            {
                return [.. _wanted];
            }
        }
    }

    /// <summary>Wants to hear of a resource. False where it hears of too many already.</summary>
    public bool TryAdd(string uri)
    {
        lock (_gate)
        {
            return _wanted.Contains(uri) || (_wanted.Count < MaxResources && _wanted.Add(uri));
        }
    }

    /// <summary>Wants to hear of it no more.</summary>
    public void Remove(string uri)
    {
        lock (_gate)
        {
            _wanted.Remove(uri);
            _pending.Remove(uri);
        }
    }

    /// <summary>A resource has changed.</summary>
    public void Push(string uri)
    {
        lock (_gate)
        {
            if (_isGone || !_wanted.Contains(uri) || _pending.Contains(uri))
            {
                return;
            }

            _pending.Add(uri);
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    /// <summary>Sends what there is to tell, until cancelled or until the client cannot be told any more.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _signal.WaitAsync(cancellationToken);
            while (Take() is { } uri)
            {
                await send(uri, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isGone = true;
            _signal.Dispose();
        }
    }

    private string? Take()
    {
        lock (_gate)
        {
            if (_pending.Count == 0)
            {
                return null;
            }

            var uri = _pending[0];
            _pending.RemoveAt(0);
            return uri;
        }
    }
}
