namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteEscalationStoreTests() : EscalationStoreContract(new SqliteBackend());
