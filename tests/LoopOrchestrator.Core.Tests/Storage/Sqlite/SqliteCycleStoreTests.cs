namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteCycleStoreTests() : CycleStoreContract(new SqliteBackend());
