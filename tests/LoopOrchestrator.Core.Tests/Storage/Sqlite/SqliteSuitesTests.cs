using LoopOrchestrator.Core.Storage.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteSuitesTests() : BackendSuites(typeof(SqliteStorage), typeof(SqliteBackend).Namespace!);
