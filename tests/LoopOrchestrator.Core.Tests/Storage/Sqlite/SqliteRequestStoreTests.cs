namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteRequestStoreTests() : RequestStoreContract(new SqliteBackend());
