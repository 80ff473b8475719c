using LoopOrchestrator.Core.Tests.Storage;

namespace LoopOrchestrator.Postgres.Tests.Suites;

public sealed class PostgresStorageHealthTests() : StorageHealthContract(new PostgresBackend());
