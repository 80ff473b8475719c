namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqlitePauseStoreTests() : PauseStoreContract(new SqliteBackend());
