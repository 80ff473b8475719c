using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// Open connections to one database, each for one thread at a time. The library's own pool closes what was compiled with each use, and
/// has every connection set up anew; this one keeps both. Safe for many threads.
/// </summary>
/// <param name="open">Opens a connection and sets it up.</param>
internal sealed class ConnectionPool(Func<PreparedConnection> open)
{
    // More are open only while more are in use: each has a cache of its own.
    private const int MaxIdle = 4;

    private readonly ConcurrentBag<PreparedConnection> _idle = [];

    /// <summary>Uses a connection. One that has failed is closed, whatever it failed with.</summary>
    public T Use<T>(Func<PreparedConnection, T> use)
    {
        var connection = _idle.TryTake(out var idle) ? idle : open();
        var isSound = false;
        try
        {
            var result = use(connection);
            isSound = true;
            return result;
        }
        finally
        {
            if (isSound && _idle.Count < MaxIdle)
            {
                _idle.Add(connection);
            }
            else
            {
                connection.Dispose();
            }
        }
    }

    /// <summary>Uses a connection that is open already; false when none is.</summary>
    public bool TryUseOpen(Action<SqliteConnection> use)
    {
        if (!_idle.TryTake(out var connection))
        {
            return false;
        }

        using (connection)
        {
            use(connection);
            return true;
        }
    }

    /// <summary>Closes what is idle. What is in use comes back later, so the caller sees to it that nothing is.</summary>
    public void Clear()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }
}
