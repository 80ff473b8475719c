using LoopOrchestrator.Core.Tests.Storage.Indexes;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteMemoryIndexTests() : MemoryIndexContract(new SqliteBackend());
