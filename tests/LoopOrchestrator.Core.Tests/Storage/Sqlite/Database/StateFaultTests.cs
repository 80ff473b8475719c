using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

public sealed class StateFaultTests
{
    [Theory]
    [InlineData("no such table: runs", true)]
    [InlineData("no such column: cycle_id", true)]
    [InlineData("table runs has no column named cycle_id", true)]
    [InlineData("near \"x\": syntax error", false)]
    [InlineData("cannot start a transaction within a transaction", false)]
    public void Explain_AStatementThatFailed_AdvisesAnotherDatabaseOnlyWhereSomethingLacks(string said, bool lacks)
    {
        var message = StateFault.Explain(new SqliteException(said, errorCode: 1), "loop.db", busySeconds: 5).Message;

        message.Should().Contain($"{said} (SQLite code 1)");
        message.Contains("Its tables are not those of its version. Move it elsewhere", StringComparison.Ordinal).Should().Be(lacks);
        message.Contains("Check that the disk has space", StringComparison.Ordinal).Should().Be(!lacks);
    }
}
