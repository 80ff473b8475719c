using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Indexing;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>Files of a workspace with indexes in SQLite databases. Making one opens and creates nothing.</summary>
internal static class SqliteIndexes
{
    /// <summary>The time log.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="time">The clock for rows that name no moment.</param>
    public static TimingLog TimingLog(WorkspacePaths paths, TimeProvider time) => TimingLog(paths, time, new TimingIndexLimits());

    /// <summary>Searching the memory.</summary>
    public static MemorySearch MemorySearch(WorkspacePaths paths) => new(new SqliteMemoryIndex(paths));

    internal static TimingLog TimingLog(WorkspacePaths paths, TimeProvider time, TimingIndexLimits limits)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return new TimingLog(paths, time, new SqliteTimingIndexStore(paths), limits);
    }

    internal static TimingIndex TimingIndex(WorkspacePaths paths, TimingIndexLimits limits) =>
        new(paths, new SqliteTimingIndexStore(paths), limits);
}
