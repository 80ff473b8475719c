using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Tests.Storage;
using LoopOrchestrator.Postgres.Tests.Servers;

namespace LoopOrchestrator.Postgres.Tests.Suites;

/// <summary>
/// The ports of the PostgreSQL backend. All tests share one database, and use the same ids in it: a statement that forgets its workspace
/// meets what others have recorded.
/// </summary>
internal sealed class PostgresBackend : IStorageBackend
{
    // Where there is no server a test is skipped here, before it has made a folder.
    private readonly PostgresServer _server = PostgresServer.Shared;

    public IStorage Open(WorkspacePaths paths, TimeProvider time) =>
        new PostgresStorage(_server.Source, paths.Root, Redactor.OfProcess([]));
}
