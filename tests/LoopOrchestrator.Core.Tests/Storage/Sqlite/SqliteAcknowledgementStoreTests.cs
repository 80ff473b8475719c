namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteAcknowledgementStoreTests() : AcknowledgementStoreContract(new SqliteBackend());
