namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteOccurrenceLedgerTests() : OccurrenceLedgerContract(new SqliteBackend());
