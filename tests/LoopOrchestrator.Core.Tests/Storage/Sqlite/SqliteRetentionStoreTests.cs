namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteRetentionStoreTests() : RetentionStoreContract(new SqliteBackend());
