namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteStorageHealthTests() : StorageHealthContract(new SqliteBackend());
