namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteIncidentStoreTests() : IncidentStoreContract(new SqliteBackend());
