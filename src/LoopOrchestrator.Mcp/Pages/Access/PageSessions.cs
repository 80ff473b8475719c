using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Pages.Access;

/// <summary>
/// The browsers that have signed in, for as long as this process lives. A cookie is a random word of its own, of which only the hash is
/// kept, so neither it nor what is kept here gives anybody the token. A session ends with its token, when it was idle for half a day, or
/// after a week. Safe for any number of threads.
/// </summary>
internal sealed class PageSessions(TimeProvider time)
{
    /// <summary>How many there are at most; the one that was idle the longest goes for the next.</summary>
    public const int Max = 1_000;

    private const int WordBytes = 32;

    /// <summary>After this long without a request a session is over.</summary>
    public static readonly TimeSpan MaxIdle = TimeSpan.FromHours(12);

    /// <summary>After this long a session is over whatever it does.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(7);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _sessions = new(StringComparer.Ordinal);

    /// <summary>How many there are now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Begins one.</summary>
    /// <param name="grant">What it may do.</param>
    /// <param name="stillCounts">Whether its token would still be let in.</param>
    /// <returns>What its cookie is to hold.</returns>
    public string Begin(AccessGrant grant, Func<bool> stillCounts)
    {
        var word = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(WordBytes));
        var key = KeyOf(word);
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_sessions.Count >= Max)
            {
                _sessions.Remove(_sessions.MinBy(static one => one.Value.UsedAt).Key);
            }

            _sessions[key] = new Entry(new PageSession(key, grant, stillCounts), now) { UsedAt = now };
        }

        return word;
    }

    /// <summary>The session of a cookie; <see langword="null"/> where there is none, or none any more.</summary>
    public PageSession? Find(string word)
    {
        var key = KeyOf(word);
        var now = time.GetUtcNow();
        Entry? entry;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(key, out entry))
            {
                return null;
            }
        }

        // Outside of the lock: whether its token counts is read from a file.
        var isOver = now - entry.UsedAt > MaxIdle || now - entry.BeganAt > MaxAge || !entry.Session.StillCounts();
        lock (_gate)
        {
            if (isOver)
            {
                _sessions.Remove(key);
                return null;
            }

            entry.UsedAt = now;
        }

        return entry.Session;
    }

    /// <summary>Whether a session goes on that was found before. Asking is no use of it.</summary>
    public bool GoesOn(PageSession session)
    {
        lock (_gate)
        {
            if (!_sessions.ContainsKey(session.Id))
            {
                return false;
            }
        }

        return session.StillCounts();
    }

    /// <summary>Ends one.</summary>
    public void End(PageSession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session.Id);
        }
    }

    private static string KeyOf(string word) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(word)));

    private sealed class Entry(PageSession session, DateTimeOffset beganAt)
    {
        public PageSession Session => session;

        public DateTimeOffset BeganAt => beganAt;

        public DateTimeOffset UsedAt { get; set; }
    }
}
