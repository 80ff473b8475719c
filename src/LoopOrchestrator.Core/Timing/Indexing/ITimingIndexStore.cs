using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// Keeps the index of one workspace's time log. It is never the truth, and may be thrown away at any time. Safe for many threads and
/// processes.
/// </summary>
internal interface ITimingIndexStore : IDisposable
{
    /// <summary>
    /// Reads the index as it is at one moment. When it turns out to be damaged, <paramref name="read"/> is called again on an empty
    /// one.
    /// </summary>
    /// <exception cref="IndexUnavailableException">It cannot be read now.</exception>
    T Read<T>(Func<ITimingTables, T> read);

    /// <summary>
    /// Changes the index: all of it or, when <paramref name="write"/> throws, nothing; nobody else changes it meanwhile. Damage as above.
    /// </summary>
    /// <exception cref="IndexUnavailableException">It cannot be written now.</exception>
    T Write<T>(Func<ITimingEntries, T> write);
}
