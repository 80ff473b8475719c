namespace LoopOrchestrator.Core.Memory;

/// <summary>
/// Finds entries of one workspace's memory and its archive by their words. It follows the files: an entry is found as soon as it is on
/// disk. Safe for many threads and processes.
/// </summary>
internal interface IMemoryIndex : IDisposable
{
    /// <summary>Finds entries. One that stands in memory and archive both is one.</summary>
    /// <param name="words">What is searched for.</param>
    /// <param name="query">What else the entries must fit.</param>
    MemorySearchResult Find(MemoryWords words, MemoryQuery query);
}
