using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>What callers get when the database is busy, full or read-only; and that they can go on afterwards.</summary>
public sealed class StateDatabaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Write_WhileAForeignTransactionIsOpen_WaitsForItsEnd()
    {
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        await AddAsync(database, "before");
        using var foreign = Foreign();
        using var transaction = foreign.BeginTransaction(deferred: false);

        var writing = AddAsync(database, "waits");
        (await NamesAsync(database)).Should().Equal(["before"], "reads do not wait");
        writing.IsCompleted.Should().BeFalse();
        foreign.Execute("INSERT INTO schedules (id) VALUES ('foreign')");
        transaction.Commit();
        await writing;

        (await NamesAsync(database)).Should().Equal("before", "foreign", "waits");
    }

    [Fact]
    public async Task Read_ThatWasGivenUp_ReadsNothing()
    {
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        await AddAsync(database, "before");
        var isRead = false;

        var read = () => database.ReadAsync(_ => isRead = true, new CancellationToken(canceled: true));

        await read.Should().ThrowAsync<OperationCanceledException>();
        isRead.Should().BeFalse();
    }

    [Fact]
    public async Task Write_PastTheLimit_SaysWhoIsInTheWayAndLosesNothing()
    {
        using var database = SqliteStorage.OpenDatabase(
            _folder.Paths,
            new RunFolderRebuild(_folder.Paths, TimeProvider.System),
            redactor: null,
            TimeProvider.System,
            logger: null,
            busyLimit: TimeSpan.FromSeconds(1)
        );
        await AddAsync(database, "before");
        using (var foreign = Foreign())
        using (foreign.BeginTransaction(deferred: false))
        {
            await FluentActions
                .Awaiting(() => AddAsync(database, "refused"))
                .Should()
                .ThrowAsync<UserErrorException>()
                .WithMessage("*nothing of this call was recorded*more than 1 s*repeat the call*");
        }

        await AddAsync(database, "after");
        (await NamesAsync(database)).Should().Equal("after", "before");
        Directory.Exists(_folder.Paths.Damaged).Should().BeFalse("busy is no damage");
    }

    [Fact]
    public async Task Write_NoRoom_SaysSoKeepsWhatWasThereAndGoesOn()
    {
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        await AddAsync(database, "before");
        await FluentActions
            .Awaiting(() =>
                database.WriteAsync(
                    (connection, _) =>
                    {
                        connection.Execute("INSERT INTO schedules (id) VALUES ('lost')");

                        // As many pages as there are: the next one finds no room, as on a full disk.
                        connection.Scalar("PRAGMA max_page_count = 1");
                        return connection.Execute(
                            "INSERT INTO schedules (id, paused_reason) VALUES ('big', @text)",
                            ("@text", new string('x', 1_000_000))
                        );
                    },
                    Token
                )
            )
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*nothing of this call was recorded*The disk is full, or this user*Make room*");

        await database.ReadAsync(static connection => connection.Scalar("PRAGMA max_page_count = 1000000"), Token);
        await AddAsync(database, "after");
        (await NamesAsync(database)).Should().Equal("after", "before");
        Directory.Exists(_folder.Paths.Damaged).Should().BeFalse("a full disk is no damage");
    }

    [Fact]
    public async Task Write_ReadOnly_SaysSoAndGoesOn()
    {
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        await AddAsync(database, "before");
        await FluentActions
            .Awaiting(() =>
                database.WriteAsync(
                    (connection, _) => connection.Execute("PRAGMA query_only = ON; INSERT INTO schedules (id) VALUES ('lost')"),
                    Token
                )
            )
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*cannot be written*write permission*");

        await database.ReadAsync(static connection => connection.Execute("PRAGMA query_only = OFF"), Token);
        await AddAsync(database, "after");
        (await NamesAsync(database)).Should().Equal("after", "before");
    }

    [Fact]
    public async Task Read_NothingThere_CreatesNothing()
    {
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));

        (await NamesAsync(database)).Should().BeEmpty();

        Directory.EnumerateFileSystemEntries(_folder.FullPath).Should().BeEmpty();
    }

    [Fact]
    public async Task Open_AFileThatIsHeldAlone_IsRefusedWithItsName()
    {
        StateFolder.Ensure(_folder.Paths);
        using var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        using (FileLock.TryAcquire(Path.Combine(_folder.Paths.Locks, "state.db.users")))
        {
            await FluentActions
                .Awaiting(() => AddAsync(database, "refused"))
                .Should()
                .ThrowAsync<UserErrorException>()
                .WithMessage("*state.db.users is held by another program*");
        }

        await AddAsync(database, "after");
    }

    private SqliteConnection Foreign()
    {
        var connection = new SqliteConnection($"Data Source={_folder.Paths.Database};Pooling=False");
        connection.Open();
        return connection;
    }

    // On a thread of its own: SQLite waits without giving the thread back.
    private static Task<int> AddAsync(StateDatabase database, string name) =>
        Task.Run(
            () =>
                database.WriteAsync(
                    (connection, _) => connection.Execute("INSERT INTO schedules (id) VALUES (@name)", ("@name", name)),
                    Token
                ),
            Token
        );

    private static Task<List<string>> NamesAsync(StateDatabase database) =>
        database.ReadAsync(
            static connection => connection.Query("SELECT id FROM schedules ORDER BY id", static reader => reader.GetString(0)),
            Token
        );
}
