using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Tests.Storage.Indexes;
using LoopOrchestrator.Core.Timing.Indexing;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

/// <summary>The ports of the SQLite backend.</summary>
internal sealed class SqliteBackend : IIndexBackend
{
    public IStorage Open(WorkspacePaths paths, TimeProvider time) =>
        new SqliteStorage(paths, new RunFolderRebuild(paths, time), Redactor.OfProcess([]), time);

    public IMemoryIndex OpenMemoryIndex(WorkspacePaths paths) => new SqliteMemoryIndex(paths);

    public ITimingIndexStore OpenTimingIndex(WorkspacePaths paths) => new SqliteTimingIndexStore(paths);
}
