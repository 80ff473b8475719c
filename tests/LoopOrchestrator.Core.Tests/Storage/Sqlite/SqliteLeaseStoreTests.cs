namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteLeaseStoreTests() : LeaseStoreContract(new SqliteBackend());
