using System.Threading.RateLimiting;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// How many requests one caller may send: a token wherever it comes from, and an address for whoever shows none. A caller that was quiet
/// may send a sixth of a minute's requests at once. Safe for any number of threads.
/// </summary>
/// <param name="perMinute">What the user said; 0 for no limit, <see langword="null"/> for the defaults.</param>
internal sealed class RequestRates(int? perMinute) : IDisposable
{
    /// <summary>Of each token, where nothing else was said.</summary>
    public const int DefaultOfAToken = 6_000;

    /// <summary>
    /// Of each address that shows no token although one is needed, where nothing else was said. Without that need there is none: who
    /// reaches such a server is a program of this machine.
    /// </summary>
    public const int DefaultOfAnAddress = 600;

    private const int PartsOfAMinute = 6;

    // Each costs some hundred bytes.
    private const int MaxCallers = 4_096;
    private const string TheRest = "";
    private const string OfATokenPrefix = "token ";

    // Of an issuer, which may have more of them than anybody counts.
    private const string OfASubjectPrefix = "subject ";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TokenBucketRateLimiter> _callers = new(StringComparer.Ordinal);

    /// <summary>How many callers are known now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _callers.Count;
            }
        }
    }

    /// <summary>Counts a request of a token, or of a subject of an issuer with whichever token.</summary>
    /// <returns>When the next one is due; <see langword="null"/> where this one may go on.</returns>
    public TimeSpan? Take(AccessGrant grant) =>
        Take((grant.IssuerScopes is null ? OfATokenPrefix : OfASubjectPrefix) + grant.Id, perMinute ?? DefaultOfAToken);

    /// <summary>Counts a request without a token where one is needed.</summary>
    /// <inheritdoc cref="Take(AccessGrant)"/>
    public TimeSpan? TakeRefused(string address) => Take($"address {address}", perMinute ?? DefaultOfAnAddress);

    /// <summary>Counts a request where no token is needed.</summary>
    /// <inheritdoc cref="Take(AccessGrant)"/>
    public TimeSpan? TakeOpen(string address) => perMinute is { } limit ? Take($"address {address}", limit) : null;

    public void Dispose()
    {
        foreach (var limiter in _callers.Values)
        {
            limiter.Dispose();
        }
    }

    private TimeSpan? Take(string caller, int limit)
    {
        if (limit == 0)
        {
            return null;
        }

        var limiter = Limiter(caller, limit);
        limiter.TryReplenish();
        using var lease = limiter.AttemptAcquire();
        return lease.IsAcquired ? null
            : lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after
            : TimeSpan.FromMinutes(1);
    }

    private TokenBucketRateLimiter Limiter(string caller, int limit)
    {
        lock (_lock)
        {
            if (_callers.TryGetValue(caller, out var known))
            {
                return known;
            }

            if (_callers.Count >= MaxCallers)
            {
                ForgetTheQuiet();
            }

            // With so many at once, addresses and subjects that come later share one. Tokens are as many as their file has.
            var name =
                _callers.Count < MaxCallers || caller.StartsWith(OfATokenPrefix, StringComparison.Ordinal) ? caller
                : caller.StartsWith(OfASubjectPrefix, StringComparison.Ordinal) ? OfASubjectPrefix
                : TheRest;
            if (!_callers.TryGetValue(name, out var limiter))
            {
                limiter = new TokenBucketRateLimiter(
                    new TokenBucketRateLimiterOptions
                    {
                        TokenLimit = Math.Max(1, limit / PartsOfAMinute),
                        TokensPerPeriod = 1,
                        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / limit,
                        AutoReplenishment = false,
                    }
                );
                _callers.Add(name, limiter);
            }

            return limiter;
        }
    }

    // Who has all of its own again is as good as unknown.
    private void ForgetTheQuiet()
    {
        foreach (var (name, limiter) in _callers.ToList())
        {
            // It counts as idle from the moment on in which it is full, and nobody fills it but whoever asks. It is not disposed of:
            // somebody may have it in hand, and without a timer it holds nothing.
            limiter.TryReplenish();
            if (limiter.IdleDuration is not null)
            {
                _callers.Remove(name);
            }
        }
    }
}
