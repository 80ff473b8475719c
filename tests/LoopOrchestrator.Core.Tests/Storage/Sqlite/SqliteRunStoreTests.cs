namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteRunStoreTests() : RunStoreContract(new SqliteBackend());
