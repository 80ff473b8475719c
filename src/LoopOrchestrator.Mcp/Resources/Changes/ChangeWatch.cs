using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Resources.Changes;

/// <summary>
/// Looks whether the resources that somebody listens to have changed: when a file of the workspace changes or another process rings, and
/// now and then for what nobody tells of. It looks at each once, however many listen, and not at all while nobody does. Safe for many
/// threads.
/// </summary>
internal sealed partial class ChangeWatch : IDisposable
{
    // What changes together is told together, and a run that prints without end costs ten looks a second at the most.
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(100);

    // For what rings no bell: the output of a run, or a folder that cannot be watched.
    private static readonly TimeSpan Regular = TimeSpan.FromSeconds(5);

    private readonly Workspace _workspace;
    private readonly ResourceReader _reader;
    private readonly TimeProvider _time;
    private readonly ILogger<ChangeWatch> _logger;
    private readonly Lock _gate = new();
    private readonly HashSet<ChangeListener> _listeners = [];
    private readonly Dictionary<string, string> _seen = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly CancellationTokenSource _ending;
    private bool _isLooking;

    public ChangeWatch(
        Workspace workspace,
        ResourceReader reader,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<ChangeWatch> logger
    )
    {
        _ending = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        _workspace = workspace;
        _reader = reader;
        _time = time;
        _logger = logger;
    }

    /// <summary>A client wants to hear of a resource: of each change from now on.</summary>
    /// <param name="listener">The client.</param>
    /// <param name="uri">The resource.</param>
    /// <param name="mayBeMissing">Whether there may be none yet: it is told when it comes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="MissingResourceException">There is none at the address, or none more can be listened to.</exception>
    public async Task AddAsync(ChangeListener listener, string uri, bool mayBeMissing, CancellationToken cancellationToken)
    {
        var seen = mayBeMissing ? await ReadIfPossibleAsync(uri, cancellationToken) : await ReadAsync(uri, cancellationToken);
        if (!listener.TryAdd(uri))
        {
            throw new MissingResourceException(
                $"A client hears of {ChangeListener.MaxResources} resources at the most. Unsubscribe from one that is not needed."
            );
        }

        lock (_gate)
        {
            _listeners.Add(listener);
            _seen.TryAdd(uri, seen);
            if (!_isLooking)
            {
                _isLooking = true;
                _ = Task.Run(() => WatchAsync(_ending.Token), CancellationToken.None);
            }
        }
    }

    /// <summary>A client is gone.</summary>
    public void Remove(ChangeListener listener)
    {
        lock (_gate)
        {
            _listeners.Remove(listener);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The loop has ended with the first word that the process stops.
        _ending.Dispose();
        _signal.Dispose();
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var watch = _workspace.Watch(Wake);
        while (true)
        {
            await _signal.WaitAsync(Regular, cancellationToken);
            await Task.Delay(Together, _time, cancellationToken);
            if (Wanted() is not { } wanted)
            {
                return;
            }

            foreach (var uri in wanted)
            {
                try
                {
                    await CheckAsync(uri, cancellationToken);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    // One that cannot be looked at keeps nobody from hearing of the others.
                    Log.ReadFailed(_logger, uri, exception);
                }
            }
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    // Nothing where nobody listens any more: the next who does begins the loop again.
    private List<string>? Wanted()
    {
        lock (_gate)
        {
            var wanted = _listeners.SelectMany(static listener => listener.Wanted).Distinct(StringComparer.Ordinal).ToList();
            foreach (var old in _seen.Keys.Except(wanted, StringComparer.Ordinal).ToList())
            {
                _seen.Remove(old);
            }

            if (_listeners.Count > 0)
            {
                return wanted;
            }

            _isLooking = false;
            return null;
        }
    }

    private async Task CheckAsync(string uri, CancellationToken cancellationToken)
    {
        string now;
        try
        {
            now = await ReadIfThereAsync(uri, cancellationToken);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            // It cannot be read at the moment, and whoever reads it is told why.
            return;
        }

        lock (_gate)
        {
            if (_seen.TryGetValue(uri, out var before) && before == now)
            {
                return;
            }

            var isNew = before is null;
            _seen[uri] = now;
            if (isNew)
            {
                return;
            }

            foreach (var listener in _listeners)
            {
                listener.Push(uri);
            }
        }
    }

    // What cannot be read now is told when it can.
    private async Task<string> ReadIfPossibleAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadIfThereAsync(uri, cancellationToken);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private async Task<string> ReadIfThereAsync(string uri, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(uri, cancellationToken);
        }
        catch (MissingResourceException)
        {
            return string.Empty;
        }
    }

    private async Task<string> ReadAsync(string uri, CancellationToken cancellationToken) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(await _reader.ReadAsync(uri, cancellationToken))));

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ResourceCheckFailed, LogLevel.Error, "It could not be looked whether the resource {Uri} has changed")]
        public static partial void ReadFailed(ILogger logger, string uri, Exception exception);
    }
}
