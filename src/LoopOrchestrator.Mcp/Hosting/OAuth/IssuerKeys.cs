using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>
/// The keys of an issuer as a server knows them. They are fetched when the first token comes, looked at again from time to time, and when a
/// token names a key that is not among them; never more often than every half minute, whatever callers make up. Safe for many threads.
/// </summary>
/// <param name="fetch">Fetches them.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Is told when they cannot be had, and when they can again.</param>
internal sealed partial class IssuerKeys(Func<CancellationToken, Task<IReadOnlyList<SecurityKey>>> fetch, TimeProvider time, ILogger logger)
{
    /// <summary>How old keys become before they are fetched anew, beside the request that finds it: a key may be taken back.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromMinutes(15);

    /// <summary>For how long keys count whose issuer cannot be reached.</summary>
    public static readonly TimeSpan Oldest = TimeSpan.FromHours(24);

    /// <summary>How long it is at least between two fetches.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    /// <summary>The same after a fetch that failed.</summary>
    public static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private Known? _known;
    private Task _fetching = Task.CompletedTask;
    private long? _fetchedAt;
    private bool _hasFailed;

    /// <summary>Finds the keys that a token may be signed with.</summary>
    /// <param name="id">The key that it names; <see langword="null"/> for none, then it may be each.</param>
    /// <param name="cancellationToken">Ends the wait, and no fetch.</param>
    public async Task<FoundKeys> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        if (Age() is not { } age || age >= Oldest)
        {
            await FetchAsync().WaitAsync(cancellationToken);
        }
        else if (age >= Fresh)
        {
            _ = FetchAsync();
        }

        if (Age() is not { } now || now >= Oldest)
        {
            return new FoundKeys(null, UntilNext());
        }

        if (Matching(id) is { Count: > 0 } known)
        {
            return new FoundKeys(known, Again: null);
        }

        await FetchAsync().WaitAsync(cancellationToken);
        if (Matching(id) is { Count: > 0 } found)
        {
            return new FoundKeys(found, Again: null);
        }

        // Keys of before it was asked say nothing: an issuer that has begun to sign with another one would seem to refuse its own tokens.
        lock (_gate)
        {
            return _hasFailed ? new FoundKeys(null, UntilNext()) : new FoundKeys([], _fetchedAt >= asked ? null : UntilNext());
        }
    }

    private TimeSpan UntilNext()
    {
        lock (_gate)
        {
            var pause = _hasFailed ? PauseAfterFailure : Pause;
            var left = _fetchedAt is { } at ? pause - time.GetElapsedTime(at) : TimeSpan.Zero;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private TimeSpan? Age() => Volatile.Read(ref _known) is { } known ? time.GetElapsedTime(known.At) : null;

    private IReadOnlyList<SecurityKey> Matching(string? id) =>
        Volatile.Read(ref _known) is not { } known ? []
        : id is null ? known.Keys
        : [.. known.Keys.Where(key => key.KeyId == id)];

    // One at a time; whoever comes meanwhile waits for the same.
    private Task FetchAsync()
    {
        lock (_gate)
        {
            if (_fetching.IsCompleted && (_fetchedAt is not { } at || time.GetElapsedTime(at) >= (_hasFailed ? PauseAfterFailure : Pause)))
            {
                _fetchedAt = time.GetTimestamp();
                _fetching = Task.Run(FetchOnceAsync, CancellationToken.None);
            }

            return _fetching;
        }
    }

    private async Task FetchOnceAsync()
    {
        try
        {
            var keys = await fetch(CancellationToken.None);
            Volatile.Write(ref _known, new Known(keys, time.GetTimestamp()));
            if (_hasFailed)
            {
                Log.KeysAgain(logger, keys.Count);
            }

            _hasFailed = false;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Whatever it is: callers are told that the keys are not known, and the next fetch may be luckier.
            if (!_hasFailed)
            {
                Log.NoKeys(logger, exception.Message);
            }

            _hasFailed = true;
        }
    }

    private sealed record Known(IReadOnlyList<SecurityKey> Keys, long At);

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.IssuerKeysNotFetched,
            LogLevel.Warning,
            "The keys of the issuer of access tokens cannot be fetched: {Reason}. Repeats are not logged"
        )]
        public static partial void NoKeys(ILogger logger, string reason);

        [LoggerMessage(
            LogEvents.IssuerKeysFetched,
            LogLevel.Information,
            "The keys of the issuer of access tokens were fetched again: {Count}"
        )]
        public static partial void KeysAgain(ILogger logger, int count);
    }
}
