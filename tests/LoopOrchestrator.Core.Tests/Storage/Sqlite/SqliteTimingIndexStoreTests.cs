using LoopOrchestrator.Core.Tests.Storage.Indexes;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteTimingIndexStoreTests() : TimingIndexStoreContract(new SqliteBackend());
