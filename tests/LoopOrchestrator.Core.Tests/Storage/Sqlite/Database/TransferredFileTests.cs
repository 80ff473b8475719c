using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>Databases that an import may be given.</summary>
public sealed class TransferredFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IStorage _storage;

    public TransferredFileTests() => _storage = new SqliteBackend().Open(_folder.Paths, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => _folder.File("come.db");

    public void Dispose()
    {
        _storage.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Prepare_OfAnEarlierVersion_BringsItUpToDate()
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection, 6);
            connection.Execute("INSERT INTO sessions (identity, started_at) VALUES ('a', 1)");
        });

        _storage.Transfer.Prepare(File).Should().Be(new TransferredState(0, 0, 0));

        using var connection = Open();
        connection.Scalar("PRAGMA user_version").Should().Be(SchemaMigrations.Newest);
    }

    [Fact]
    public void Prepare_OfANewerVersion_IsRefused()
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute("PRAGMA user_version = 999");
        });

        Refused("*newer version*");
    }

    [Fact]
    public void Prepare_OfAnotherProgramsDatabase_IsRefusedAndLeftAsItIs()
    {
        Make(static connection =>
        {
            connection.Execute("PRAGMA application_id = 7");
            connection.Execute("CREATE TABLE runs (a)");
        });
        var before = System.IO.File.ReadAllBytes(File);

        Refused("*not this program's*");

        System.IO.File.ReadAllBytes(File).Should().Equal(before);
    }

    [Fact]
    public void Prepare_OfADamagedOne_IsRefused()
    {
        Make(SchemaMigrations.Apply);
        var bytes = System.IO.File.ReadAllBytes(File);
        bytes.AsSpan(4096).Fill(0xFF);
        System.IO.File.WriteAllBytes(File, bytes);

        Refused("*cannot be used*Nothing was changed*");
    }

    [Theory]
    [InlineData("ALTER TABLE schedules ADD COLUMN \"a b\" TEXT", "*its table schedules has the column 'a b'*")]
    [InlineData("ALTER TABLE schedules ADD COLUMN c TEXT AS (id)", "*its table schedules has the column 'c'*")]
    [InlineData("ALTER TABLE schedules DROP COLUMN timing", "*its table schedules lacks the column timing*")]
    [InlineData("CREATE TABLE \"a b\" (x)", "*it has the 'table' 'a b'*")]
    [InlineData("CREATE VIEW \"a b\" AS SELECT 1", "*it has the 'view' 'a b'*")]
    [InlineData("CREATE TRIGGER \"a b\" AFTER INSERT ON schedules BEGIN SELECT 1; END", "*it has the 'trigger' 'a b'*")]
    [InlineData("CREATE VIRTUAL TABLE \"a b\" USING fts5(x)", "*it has the 'virtual' 'a b'*")]
    [InlineData("DROP TABLE attempts", "*lacks attempts*")]
    [InlineData("PRAGMA user_version = -1", "*nothing in it*")]
    public void Prepare_OfWhatNoVersionHas_IsRefusedAndLeftAsItIs(string statement, string message)
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute(statement);
        });
        var before = System.IO.File.ReadAllBytes(File);

        Refused(message);

        System.IO.File.ReadAllBytes(File).Should().Equal(before);
    }

    [Theory]
    [InlineData("run a", null, "*'run a' is no id of a run*")]
    [InlineData("run-a", "run-a", "*without an end*")]
    [InlineData("run-a", "run-b", "*1 row(s), the first in runs, lead to none*")]
    public void Prepare_OfARunThatNoVersionWrites_IsRefused(string id, string? parent, string message)
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute("PRAGMA foreign_keys = OFF");
            RunRows.Insert(connection, Queued(id) with { ParentRunId = parent });
        });

        Refused(message);
    }

    [Fact]
    public void Prepare_OfAFolderThatNoVersionMakes_IsRefused()
    {
        Make(connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute(
                "INSERT INTO occurrences (schedule_id, due_at, last_due_at, count, check_folder) VALUES ('s', 1, 1, 1, 'a b')"
            );
        });

        Refused("*'a b' is no folder of this program*");
    }

    [Fact]
    public async Task Replace_WithARowInEveryTable_BringsAllOfThemButThoseOfProcesses()
    {
        var tables = SchemaShape.Of(SchemaMigrations.Newest).Tables;
        Dictionary<string, string> before = new(StringComparer.Ordinal);
        Make(connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute("PRAGMA foreign_keys = OFF");
            foreach (var table in tables)
            {
                Fill(connection, table);
            }

            // A run asks for no run that is itself, and folders in which something was done elsewhere do not come along.
            connection.Execute("UPDATE runs SET parent_run_id = NULL");
            connection.Execute("UPDATE occurrences SET check_folder = NULL, check_hash = NULL");
            connection.Execute("UPDATE cycle_items SET work_tree = NULL");
            before = tables.ToDictionary(static table => table.Name, table => Rows(connection, table), StringComparer.Ordinal);
        });

        _storage.Transfer.Prepare(File).Should().Be(new TransferredState(Runs: 1, Going: 0, Occurrences: 1));
        await _storage.Transfer.ReplaceAsync(File, DateTimeOffset.UnixEpoch, Token);

        var copy = _folder.File("again.db");
        await _storage.Transfer.CopyAsync(copy, Token);
        using var again = DatabaseCopy.OpenFile(copy, SqliteOpenMode.ReadOnly);
        foreach (var table in tables)
        {
            var expected = table.Name is "servers" or "sessions" ? "" : before[table.Name];
            Rows(again, table).Should().Be(expected, "of {0}", table.Name);
        }

        before.Values.Should().NotContain("", "each table has a row to lose");
    }

    [Fact]
    public async Task Replace_OfAFileThatHasOtherNames_TakesWhatIsOurs()
    {
        Make(static connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute("ALTER TABLE schedules ADD COLUMN \"a b\" TEXT");
            connection.Execute("INSERT INTO schedules (id, last_due_at, \"a b\") VALUES ('nightly', 7, 'x')");
            connection.Execute("CREATE TABLE \"c d\" (x)");
        });

        await _storage.Transfer.ReplaceAsync(File, DateTimeOffset.UnixEpoch, Token);

        var state = (await _storage.Ledger.StatesAsync(Token)).Should().ContainSingle().Subject;
        (state.Key, state.Value.LastDueAt).Should().Be(("nightly", DateTimeOffset.FromUnixTimeMilliseconds(7)));
    }

    [Fact]
    public async Task Replace_OfAFileThatIsDamagedMeanwhile_IsNoDamageOfOurOwn()
    {
        await _storage.Runs.AddAsync(Queued("run-here"), "a test says so", Token);
        Make(SchemaMigrations.Apply);
        var bytes = await System.IO.File.ReadAllBytesAsync(File, Token);
        bytes.AsSpan(4096).Fill(0xFF);
        await System.IO.File.WriteAllBytesAsync(File, bytes, Token);

        await FluentActions
            .Awaiting(() => _storage.Transfer.ReplaceAsync(File, DateTimeOffset.UnixEpoch, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*exported state cannot be used*Nothing was changed*");

        (await _storage.Runs.FindAsync("run-here", Token)).Should().NotBeNull();
        Directory.Exists(_folder.Paths.Damaged).Should().BeFalse();
    }

    [Fact]
    public async Task Replace_OfARowThatOursRefuses_IsTheFilesFault()
    {
        Make(static connection =>
        {
            SchemaMigrations.Apply(connection);
            connection.Execute("DROP TABLE schedules");
            connection.Execute(
                "CREATE TABLE schedules (id, last_due_at, paused_at, paused_reason, resumed_at, seen_at, timing, since_at, paused_until, "
                    + "removed_until, paused_by, paused_escalation)"
            );
            connection.Execute("INSERT INTO schedules (id, last_due_at) VALUES ('nightly', 'no number')");
        });

        await FluentActions
            .Awaiting(() => _storage.Transfer.ReplaceAsync(File, DateTimeOffset.UnixEpoch, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*exported state cannot be used*Nothing was changed*");
    }

    private void Refused(string message) =>
        FluentActions.Invoking(() => _storage.Transfer.Prepare(File)).Should().Throw<UserErrorException>().WithMessage(message);

    // Values that are the same everywhere, so that rows that lead to others find them.
    private static void Fill(SqliteConnection connection, SchemaTable table)
    {
        var types = connection.Query(
            "SELECT type FROM pragma_table_xinfo(@table) WHERE hidden = 0 ORDER BY cid",
            static reader => reader.GetString(0),
            ("@table", table.Name)
        );
        var values = types.Select(static type =>
            type switch
            {
                "TEXT" => "'run-x'",
                "INTEGER" => "1",
                _ => "1.5",
            }
        );
        connection.Execute($"INSERT INTO {table.Quoted} ({string.Join(", ", table.Written)}) VALUES ({string.Join(", ", values)})");
    }

    private static string Rows(SqliteConnection connection, SchemaTable table) =>
        string.Join(
            '\n',
            connection.Query($"SELECT {string.Join(", ", table.Written)} FROM {table.Quoted}", static reader =>
                string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue))
            )
        );

    private static Run Queued(string id) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = "do it",
            Agent = "checks",
            AgentKind = AgentKind.Command,
            Priority = RunPriority.Normal,
            State = RunState.Queued,
            TimeoutSeconds = 60,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };

    private void Make(Action<SqliteConnection> fill)
    {
        using var connection = Open();
        fill(connection);
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }
}
