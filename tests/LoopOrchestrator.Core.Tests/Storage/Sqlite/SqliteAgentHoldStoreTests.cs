namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteAgentHoldStoreTests() : AgentHoldStoreContract(new SqliteBackend());
