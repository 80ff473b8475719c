using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Timing.Indexing;

namespace LoopOrchestrator.Core.Tests.Storage.Indexes;

/// <summary>
/// Opens what is made of a workspace's files to find things in them. It lies beside those files, whatever keeps the state.
/// </summary>
internal interface IIndexBackend : IStorageBackend
{
    /// <summary>The index of its memory.</summary>
    IMemoryIndex OpenMemoryIndex(WorkspacePaths paths);

    /// <summary>The index of its time log.</summary>
    ITimingIndexStore OpenTimingIndex(WorkspacePaths paths);
}
