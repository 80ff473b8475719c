using LoopOrchestrator.Core.Tests.Storage;

namespace LoopOrchestrator.Postgres.Tests.Suites;

public sealed class PostgresSuitesTests() : BackendSuites(typeof(PostgresStorage), typeof(PostgresBackend).Namespace!);
