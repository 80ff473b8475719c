namespace LoopOrchestrator.Core.Tests.Storage.Sqlite;

public sealed class SqliteNoticeStoreTests() : NoticeStoreContract(new SqliteBackend());
