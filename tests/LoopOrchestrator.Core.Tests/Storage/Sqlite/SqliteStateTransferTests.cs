namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteStateTransferTests() : StateTransferContract(new SqliteBackend());
