using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// Searches the memory and its archive. Each search looks first whether the files changed, so an entry is found as soon as it is on disk.
/// Safe for use by many threads and processes.
/// </summary>
public sealed class MemorySearch : IDisposable
{
    private readonly IMemoryIndex _index;

    /// <summary>Prepares searching; nothing is opened or created yet.</summary>
    /// <param name="index">What it searches; disposed of with this.</param>
    internal MemorySearch(IMemoryIndex index) => _index = index;

    /// <summary>Finds entries. An entry that a crash left in memory and archive is one.</summary>
    /// <exception cref="UserErrorException">The query has no word, the limit is out of its range, or a file cannot be read.</exception>
    public MemorySearchResult Find(MemoryQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var words = MemoryWords.Parse(query.Text);
        return query.Limit is < 1 or > MemoryQuery.MaxHits
            ? throw new UserErrorException($"limit is {query.Limit}; it must be from 1 to {MemoryQuery.MaxHits}.")
            : _index.Find(words, query);
    }

    /// <summary>Closes what is open.</summary>
    public void Dispose() => _index.Dispose();
}
