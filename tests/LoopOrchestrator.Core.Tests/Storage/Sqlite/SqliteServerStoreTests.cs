namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteServerStoreTests() : ServerStoreContract(new SqliteBackend());
