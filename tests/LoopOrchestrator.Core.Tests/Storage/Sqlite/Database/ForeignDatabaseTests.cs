using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>
/// A database in the place of ours that is another program's, or a link to one: it is refused before anything of it, or beside it, is
/// changed.
/// </summary>
public sealed class ForeignDatabaseTests : IDisposable
{
    private readonly TestWorkspace _test = new();
    private readonly TemporaryFolder _outside = new();

    public static TheoryData<string> Kinds =>
        [
            "a link to another program's",
            "a link to a whole folder",
            "a link to one of ours",
            "another program's",
            "another program's with a schema number",
            "one with tables like ours, and more than 6 as number",
            "one with an id of its own",
            "an empty one with a schema number",
            "another program's, all in its log",
            "a link as its log",
            "a link as its shared memory",
            "a link as its journal",
            "a link to nothing",
        ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Victim => _outside.File("victim.db");

    private string Database => _test.Paths.Database;

    public void Dispose()
    {
        _test.Dispose();
        _outside.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Use_OfADatabaseThatIsNotOurs_IsRefusedAndLeftAlone(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Directory.CreateDirectory(_test.Paths.State);
        Put(kind);
        var before = Contents();

        foreach (
            var use in (Func<Workspace, Task>[])
                [
                    workspace => workspace.Status.ReadAsync(Token),
                    workspace => workspace.Runs.ListAsync(new RunFilter(), Token),
                    workspace => workspace.Runs.RequestAsync(new RunRequest("code", "x"), Token),
                    workspace => workspace.Database.CheckAsync(whole: true, Token),
                ]
        )
        {
            using var workspace = _test.Open();
            var refused = (await use.Invoking(one => one(workspace)).Should().ThrowAsync<UserErrorException>()).Which.Message;

            refused
                .Should()
                .Contain(Database)
                .And.ContainAny("another program", "none of our tables", "symbolic link")
                .And.ContainAny("Move it back", "in the place of the link")
                .And.Contain("needs no database goes on");
            Contents().Should().Equal(before, "nothing of it or beside it was changed");
        }

        if (kind == "a link to a whole folder")
        {
            // The locks of the other files are there, too.
            return;
        }

        using var going = _test.Open();
        (await going.Todo.AddAsync([new NewTodo("goes on")], Token)).Should().ContainSingle();
        await going.Timing.StartAsync(new TimingStart("goes on", "code"), Token);
        Directory.Exists(_test.Paths.Damaged).Should().BeFalse("it is not damaged");
    }

    [Fact]
    public async Task Open_NewDatabase_CarriesOurIdBeforeItsFirstTable()
    {
        await _test.Workspace.Database.WriteAsync(static (connection, _) => connection.Execute("DELETE FROM servers"), Token);

        (await _test.Workspace.Database.ReadAsync(static connection => connection.Scalar("PRAGMA application_id"), Token))
            .Should()
            .Be(DatabaseOwner.StateId);
        File.ReadAllBytes(Database)[68..72]
            .Should()
            .Equal("LoOr"u8.ToArray(), "it stands in the file itself, also while the rest is in its log");
    }

    [Fact]
    public async Task Read_OfTheVersionBefore_ChangesNothingAndShowsItsRows()
    {
        PutVersionBefore(Database);
        var before = Contents();

        using (var looking = _test.Open())
        {
            (await looking.Status.ReadAsync(Token)).Should().NotBeNull();
            (await looking.Runs.GetAsync("run-20260102-030405-00000001", Token)).Mode.Should().NotBeEmpty();
        }

        Contents().Should().Equal(before, "whoever looks changes nothing");
    }

    [Fact]
    public async Task Write_ToTheVersionBefore_AdoptsItWithItsRows()
    {
        PutVersionBefore(Database);

        using var workspace = _test.Open();
        await workspace.Database.WriteAsync(static (connection, _) => connection.Execute("DELETE FROM servers"), Token);

        (await workspace.Database.ReadAsync(static connection => connection.Scalar("PRAGMA application_id"), Token))
            .Should()
            .Be(DatabaseOwner.StateId);
        (await workspace.Runs.GetAsync("run-20260102-030405-00000001", Token)).Mode.Should().NotBeEmpty();
    }

    [Fact]
    public async Task Write_ToTheVersionBeforeWhoseRowsAreAllInItsLog_AdoptsIt()
    {
        Directory.CreateDirectory(_test.Paths.State);
        using (var connection = Connect(_outside.File("old.db")))
        {
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0");
            SchemaMigrations.Apply(connection, 5);
            File.Copy(_outside.File("old.db"), Database);
            File.Copy(_outside.File("old.db-wal"), Database + "-wal");
        }

        using var workspace = _test.Open();
        await workspace.Database.WriteAsync(static (connection, _) => connection.Execute("DELETE FROM servers"), Token);

        (await workspace.Database.ReadAsync(static connection => connection.Scalar("PRAGMA application_id"), Token))
            .Should()
            .Be(DatabaseOwner.StateId);
    }

    [Fact]
    public async Task Use_WhereALinkTookThePlaceMeanwhile_IsRefusedToo()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        await _test.Workspace.Database.WriteAsync(static (connection, _) => connection.Execute("DELETE FROM servers"), Token);
        Make(Victim, "CREATE TABLE v (a)");
        File.Move(Database, _outside.File("moved.db"));
        File.CreateSymbolicLink(Database, Victim);
        var before = File.ReadAllBytes(Victim);

        var use = () => _test.Workspace.Runs.RequestAsync(new RunRequest("code", "x"), Token);

        (await use.Should().ThrowAsync<UserErrorException>()).WithMessage("*symbolic link*");
        File.ReadAllBytes(Victim).Should().Equal(before);
    }

    [Fact]
    public void Verify_OfAConnectionThatALinkLedElsewhere_IsRefused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        Make(Victim, "CREATE TABLE v (a)");
        Directory.CreateDirectory(_test.Paths.State);
        File.CreateSymbolicLink(Database, Victim);

        using var connection = Connect(Database);

        FluentActions
            .Invoking(() => DatabaseOwner.Verify(connection, Database))
            .Should()
            .Throw<Core.Files.LinkRefusedException>()
            .WithMessage($"*{Victim}*");
    }

    [Theory]
    [InlineData("a link")]
    [InlineData("another program's")]
    public async Task Index_ThatIsNotOurs_IsPassedOverAndLeftAlone(string kind)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege there.");
        await _test.Workspace.Memory.AppendAsync(
            new Core.Memory.MemoryAppend(Core.Memory.MemorySection.Updates, "a finding about indexes"),
            Token
        );
        _test.Workspace.MemorySearch.Find(new Core.Memory.MemoryQuery("indexes")).Hits.Should().ContainSingle();
        _test.Workspace.Dispose();
        var index = Directory.GetFiles(_test.Paths.Index, "*.db").Should().ContainSingle().Subject;
        File.Delete(index);
        Make(Victim, "CREATE TABLE v (a)");
        if (kind == "a link")
        {
            File.CreateSymbolicLink(index, Victim);
        }
        else
        {
            File.Copy(Victim, index);
        }

        var before = (File.ReadAllBytes(Victim), File.ReadAllBytes(index));
        using var workspace = _test.Open();

        workspace.MemorySearch.Find(new Core.Memory.MemoryQuery("indexes")).Hits.Should().ContainSingle();
        (File.ReadAllBytes(Victim), File.ReadAllBytes(index)).Should().BeEquivalentTo(before);
        Directory.GetFiles(_outside.FullPath).Should().Equal(Victim);
    }

    private static void Make(string file, string sql)
    {
        using var connection = Connect(file);
        connection.Execute(sql);
    }

    private static SqliteConnection Connect(string file)
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }

    private void PutVersionBefore(string file)
    {
        Directory.CreateDirectory(_test.Paths.State);
        var copy = Path.Combine(SchemaMigrationsTests.Folder, "schema-5.sql");
        Make(file, File.ReadAllText(copy) + "; PRAGMA journal_mode = WAL");
    }

    private void Put(string kind)
    {
        switch (kind)
        {
            case "a link to another program's":
                Make(Victim, "CREATE TABLE v (a)");
                File.CreateSymbolicLink(Database, Victim);
                break;
            case "a link to a whole folder":
                Make(Victim, "CREATE TABLE v (a)");
                File.Move(Victim, _outside.File("state.db"));
                Directory.Delete(_test.Paths.State, recursive: true);
                Directory.CreateSymbolicLink(_test.Paths.State, _outside.FullPath);
                break;
            case "a link to one of ours":
                PutVersionBefore(Victim);
                File.CreateSymbolicLink(Database, Victim);
                break;
            case "a link to nothing":
                File.CreateSymbolicLink(Database, Victim);
                break;
            case "another program's":
                Make(Database, "CREATE TABLE v (a)");
                break;
            case "another program's with a schema number":
                Make(Database, "CREATE TABLE v (a); PRAGMA user_version = 77");
                break;
            case "one with tables like ours, and more than 6 as number":
                PutVersionBefore(Database);
                Make(Database, "PRAGMA user_version = 7");
                break;
            case "one with an id of its own":
                PutVersionBefore(Database);
                Make(Database, "PRAGMA application_id = 77");
                break;
            case "an empty one with a schema number":
                Make(Database, "PRAGMA user_version = 3");
                break;
            case "another program's, all in its log":
                using (var connection = Connect(_outside.File("other.db")))
                {
                    connection.Execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE v (a)");
                    File.Copy(_outside.File("other.db"), Database);
                    File.Copy(_outside.File("other.db-wal"), Database + "-wal");
                }

                break;
            default:
                PutVersionBefore(Database);
                File.WriteAllText(_outside.File("file"), "mine");
                File.Delete(Database + Companion(kind));
                File.CreateSymbolicLink(Database + Companion(kind), _outside.File("file"));
                break;
        }
    }

    private static string Companion(string kind) =>
        kind switch
        {
            "a link as its log" => "-wal",
            "a link as its shared memory" => "-shm",
            _ => "-journal",
        };

    private List<string> Contents() =>
        [
            .. new[] { _outside.FullPath, _test.Paths.Root }
                .SelectMany(static folder => Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories))
                .Order(StringComparer.Ordinal)
                .Select(static entry => $"{entry}: {Content(entry)}"),
        ];

    private static string Content(string entry) =>
        Directory.Exists(entry) ? "folder"
        : File.ResolveLinkTarget(entry, returnFinalTarget: true) is null or { Exists: true } ? Convert.ToHexString(File.ReadAllBytes(entry))
        : "nothing";
}
