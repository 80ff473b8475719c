using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>Connections and their compiled statements are kept, one user at a time, and none that has failed.</summary>
public sealed class ConnectionPoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConnectionPool _pool;
    private int _opened;

    public ConnectionPoolTests() =>
        _pool = new ConnectionPool(() =>
        {
            _opened++;
            var connection = new PreparedConnection($"Data Source={_folder.File("test.db")};Pooling=False", Redactor.OfProcess([]));
            connection.Open();
            connection.Handle!.enable_sqlite3_next_stmt(true);
            return connection;
        });

    public void Dispose()
    {
        _pool.Clear();
        _folder.Dispose();
    }

    [Fact]
    public void Use_SameTextAgain_CompilesItOnceAndBindsAnew()
    {
        for (var value = 1; value <= 3; value++)
        {
            _pool
                .Use(connection => connection.Query("SELECT @value + 1", static reader => reader.GetInt64(0), ("@value", value)))
                .Should()
                .Equal(value + 1);
            _pool.Use(connection => connection.Scalar("SELECT COUNT(*) FROM sqlite_master")).Should().Be(0);
        }

        _opened.Should().Be(1);
        _pool.Use(Statements).Should().Be(2);
        _pool
            .Use(static connection => connection.Query("SELECT @value + 1", static reader => reader.IsDBNull(0), ("@value", null)))
            .Should()
            .Equal(true);
    }

    [Fact]
    public void Use_SameTextWhileItIsRead_GetsOneOfItsOwn()
    {
        const string sql = "SELECT value FROM json_each('[1,2,3]') WHERE value >= @least";

        var sums = _pool.Use(static connection =>
            connection.Query(
                sql,
                reader => reader.GetInt64(0) + connection.Query(sql, static inner => inner.GetInt64(0), ("@least", 2)).Sum(),
                ("@least", 1)
            )
        );

        sums.Should().Equal(6, 7, 8);
        _pool.Use(Statements).Should().Be(1);
    }

    [Fact]
    public void Use_InATransactionAndAfterIt_IsPartOfItOnlyThere()
    {
        _pool.Use(static connection => connection.Execute("CREATE TABLE numbers (value INTEGER)"));

        for (var value = 0; value < 3; value++)
        {
            _pool.Use(connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                var changed = connection.Execute("INSERT INTO numbers VALUES (@value)", ("@value", value));
                if (value != 1)
                {
                    transaction.Commit();
                }

                return changed;
            });
            _pool.Use(static connection => connection.Execute("INSERT INTO numbers VALUES (@value)", ("@value", 10)));
        }

        _pool
            .Use(static connection => connection.Query("SELECT value FROM numbers", static reader => reader.GetInt64(0)))
            .Should()
            .Equal(0, 10, 10, 2, 10);
    }

    [Fact]
    public void Use_TableChangedByAnother_AnswersAsItIsNow()
    {
        _pool.Use(static connection => connection.Execute("CREATE TABLE numbers (value INTEGER); INSERT INTO numbers VALUES (1)"));
        _pool.Use(Columns).Should().Be(1);
        using (var other = new SqliteConnection($"Data Source={_folder.File("test.db")};Pooling=False"))
        {
            other.Open();
            other.Execute("ALTER TABLE numbers ADD COLUMN name TEXT");
        }

        _pool.Use(Columns).Should().Be(2);

        static int Columns(SqliteConnection connection) =>
            connection.Query("SELECT * FROM numbers", static reader => reader.FieldCount).Single();
    }

    [Fact]
    public void Use_ThatFails_ClosesItsConnection()
    {
        var fail = () =>
            _pool.Use(static connection =>
            {
                connection.Execute("BEGIN IMMEDIATE");
                return connection.Execute("not SQL");
            });

        fail.Should().Throw<SqliteException>().WithMessage("*near \"not\": syntax error*");

        _pool.Use(static connection => connection.Execute("BEGIN IMMEDIATE; COMMIT"));
        _opened.Should().Be(2);
    }

    [Fact]
    public void Use_ManyTexts_KeepsABoundedNumber()
    {
        for (var number = 0; number < 300; number++)
        {
            _pool.Use(connection => connection.Scalar($"SELECT {number}")).Should().Be(number);
        }

        _pool.Use(Statements).Should().Be(100);
    }

    [Theory]
    [InlineData(16 * 1024, 1)]
    [InlineData((16 * 1024) + 1, 0)]
    public void Use_LongText_IsNotKeptWithItsStatement(int length, int kept)
    {
        _pool.Use(connection => connection.Scalar("SELECT length(@text)", ("@text", new string('x', length)))).Should().Be(length);

        _pool.Use(Statements).Should().Be(kept);
    }

    [Fact]
    public void Use_ManyAtOnce_LeavesFourOpen()
    {
        Nested(10).Should().Be(10);
        _opened.Should().Be(10);

        Nested(5).Should().Be(5);
        _opened.Should().Be(11, "four of them were kept");

        int Nested(int depth) => depth == 0 ? 0 : _pool.Use(connection => (int)connection.Scalar("SELECT 1") + Nested(depth - 1));
    }

    private static int Statements(SqliteConnection connection)
    {
        var count = 0;
        for (
            var statement = raw.sqlite3_next_stmt(connection.Handle, null!);
            statement is not null;
            statement = raw.sqlite3_next_stmt(connection.Handle, statement)
        )
        {
            count++;
        }

        return count;
    }
}
