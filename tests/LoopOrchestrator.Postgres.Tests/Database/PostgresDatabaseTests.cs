using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Postgres.Database;
using LoopOrchestrator.Postgres.Tests.Servers;

namespace LoopOrchestrator.Postgres.Tests.Database;

public sealed class PostgresDatabaseTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly OwnDatabase _database = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _database.Dispose();

    [Fact]
    public async Task Workspaces_OfOneDatabase_SeeNothingOfEachOther()
    {
        using var a = _database.Storage("a");
        using var b = _database.Storage("b");
        await a.Runs.AddAsync(Queued("run-1"), "a test says so", Token);
        await b.Runs.AddAsync(Queued("run-1") with { Task = "other work" }, "a test says so", Token);
        await a.Pauses.PauseAsync("*", "a test says so", Start, Token);

        (await b.Runs.FindAsync("run-1", Token))!.State.Should().Be(RunState.Queued);
        (await b.Ledger.StatesAsync(Token)).Should().BeEmpty();
        (await a.Runs.FindAsync("run-1", Token))!.Task.Should().Be("do run-1");
        (await b.Runs.CountAsync(Token)).Should().ContainSingle().Which.Value.Should().Be(1);
    }

    [Fact]
    public async Task Start_ByNodesAtOnce_TakesNoMorePlacesThanThereAre()
    {
        const int places = 5;
        string[] ids = [.. Enumerable.Range(0, 30).Select(static number => $"run-{number}")];
        var nodes = Enumerable.Range(0, 3).Select(_ => _database.Storage()).ToList();
        foreach (var id in ids)
        {
            await nodes[0].Runs.AddAsync(Queued(id), "a test says so", Token);
        }

        var taken = await Task.WhenAll(
            nodes.SelectMany(node =>
                ids.Select(id => node.Runs.TryStartAsync(id, new RunStart(Start) { MaxRunning = places, Executor = "1:2:here" }, Token))
            )
        );

        taken.Count(static isTaken => isTaken).Should().Be(places);
        (await nodes[0].Runs.CountAsync(Token))[RunState.Running].Should().Be(places);
        nodes.ForEach(static node => node.Dispose());
    }

    [Fact]
    public async Task Use_AfterTheServerEndedAllSessions_GoesOn()
    {
        using var storage = _database.Storage();
        await storage.Runs.AddAsync(Queued("run-1"), "a test says so", Token);
        EndSessions();

        (await storage.Runs.FindAsync("run-1", Token)).Should().NotBeNull();
        EndSessions();

        await storage.Runs.AddAsync(Queued("run-2"), "a test says so", Token);
        (await storage.Runs.CountAsync(Token))[RunState.Queued].Should().Be(2);
    }

    [Fact]
    public async Task Write_WhoseSessionTheServerEndsWhileItIsCommitted_IsInDoubtAndNotRepeated()
    {
        using var database = new PostgresDatabase(_database.Node(), "a", Redactor.OfProcess([]));
        await database.CheckAsync(whole: false, Token);
        _database.Execute(
            """
            CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(60); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON loop_orchestrator.acknowledgements
              DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION end_session();
            """
        );
        var calls = 0;

        var write = () =>
            database.WriteAsync(
                session =>
                {
                    calls++;
                    return session.Execute(
                        "INSERT INTO acknowledgements (workspace, subject, until_at) VALUES (@workspace, 'x', now())"
                    );
                },
                Token
            );

        (await write.Should().ThrowAsync<UserErrorException>()).Which.Message.Should().Contain("not known whether it was recorded");
        calls.Should().Be(1);
    }

    [Fact]
    public async Task Write_WhileAnotherWorkspaceIsBeingWritten_DoesNotWait()
    {
        using var a = new PostgresDatabase(_database.Node(), "a", Redactor.OfProcess([]));
        using var b = new PostgresDatabase(_database.Node(), "b", Redactor.OfProcess([]));
        using var isIn = new SemaphoreSlim(0);
        using var mayEnd = new ManualResetEventSlim();
        var waiting = a.WriteAsync(
            _ =>
            {
                isIn.Release();
                mayEnd.Wait(Token);
                return true;
            },
            Token
        );
        await isIn.WaitAsync(Token);

        (await b.WriteAsync(static session => session.Workspace, Token)).Should().Be("b");
        mayEnd.Set();
        (await waiting).Should().BeTrue();
    }

    [Fact]
    public async Task Write_ThatThrows_RecordsNothing()
    {
        using var database = new PostgresDatabase(_database.Node(), "a", Redactor.OfProcess([]));

        await FluentActions
            .Awaiting(() =>
                database.WriteAsync<bool>(
                    static session =>
                    {
                        session.Execute("INSERT INTO schedules (workspace, id) VALUES (@workspace, 'nightly')");
                        throw new UserErrorException("a test says so");
                    },
                    Token
                )
            )
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("a test says so");

        _database.Scalar("SELECT COUNT(*) FROM schedules").Should().Be(0);
    }

    [Fact]
    public async Task Texts_ThatPostgresqlCannotHold_AreKeptWithASignInTheirPlace()
    {
        using var storage = _database.Storage();
        await storage.Runs.AddAsync(Queued("run-1") with { Task = "a\0b\uD800c\U0001F600" }, "a test says so", Token);

        (await storage.Runs.FindAsync("run-1", Token))!.Task.Should().Be("a\uFFFDb\uFFFDc\U0001F600");
    }

    [Fact]
    public async Task Use_OfAServerThatIsNotThere_SaysWhichAndNoPassword()
    {
        using var nowhere = new PostgresSource("Host=127.0.0.1;Port=1;Username=loop;Password=very-secret;Database=loops;Timeout=5");
        using var storage = new PostgresStorage(nowhere, "a", Redactor.OfProcess([]));

        (
            await FluentActions
                .Awaiting(() => storage.Runs.CountAsync(Token))
                .Should()
                .ThrowAsync<UserErrorException>()
                .WithMessage("The database loops on 127.0.0.1:1 could not be used*Check that the server runs*")
        )
            .Which.Message.Should()
            .NotContain("very-secret");
    }

    [Theory]
    [InlineData("Host=here;Password=very-secret;Nonsense=1")]
    [InlineData("postgresql://loop:very-secret@here/loops")]
    public void Source_OfAConnectionStringThatIsNone_SaysWhatOneIsAndNoPassword(string text) =>
        FluentActions
            .Invoking(() => new PostgresSource(text))
            .Should()
            .Throw<UserErrorException>()
            .WithMessage("The connection string of the cluster cannot be read*Host=*")
            .Which.Message.Should()
            .NotContain("very-secret");

    // As a server does that is started again; the test's own session is another one.
    private void EndSessions() =>
        _database
            .Scalar(
                """
                SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """
            )
            .Should()
            .BePositive();

    private static Run Queued(string id) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = $"do {id}",
            Agent = "checks",
            AgentKind = AgentKind.Command,
            Priority = RunPriority.Normal,
            State = RunState.Queued,
            TimeoutSeconds = 60,
            CreatedAt = Start,
        };
}
