using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Servers;

public sealed class ServerRegistryTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly string Self = ProcessIdentity.Current.ToString();

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(Start);
    private readonly StateDatabase _database;
    private readonly ServerRegistry _registry;

    public ServerRegistryTests()
    {
        _database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, TimeProvider.System));
        _registry = new ServerRegistry(new SqliteServerStore(_database), _time);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Enter_TwiceWithTrustBetween_IsOneEntryUpToDate()
    {
        await _registry.EnterAsync("http", trusted: false, Token);
        _time.Advance(TimeSpan.FromHours(1));
        await _registry.EnterAsync("http", trusted: true, Token);

        (await _registry.AliveAsync(Token)).Should().Equal(new ServerEntry(Self, Environment.ProcessId, "http", Trusted: true, Start));
    }

    [Fact]
    public async Task Alive_EntriesOfTheDeadAndGarbage_ArePassedOverAndTakenAwayWithTheNextLeave()
    {
        await AddAsync(FakeSupervisors.Dead.ToString());
        await AddAsync("garbage");
        (await _registry.AliveAsync(Token)).Should().BeEmpty();

        await _registry.EnterAsync("stdio", trusted: true, Token);
        (await _registry.AliveAsync(Token)).Should().ContainSingle();
        await _registry.LeaveAsync(Token);

        (await CountAsync("SELECT COUNT(*) FROM servers")).Should().Be(0);
    }

    [Fact]
    public async Task Alive_InACopyOfTheWorkspace_IsNobodyAndTheOthersAreToldApart()
    {
        using var copy = new TemporaryFolder();
        var store = new SqliteServerStore(_database);
        var here = new ServerRegistry(store, _time, _folder.FullPath);
        await here.EnterAsync("http", trusted: true, Token);
        await here.BeginSessionAsync(Token);

        // A copy has the same database, at another place.
        var there = new ServerRegistry(store, _time, copy.FullPath);

        (await there.AliveAsync(Token)).Should().BeEmpty();
        (await there.HolderAsync(Token)).Should().BeNull();
        (await there.ElsewhereAsync(Token)).Should().ContainSingle().Which.Workspace.Should().Be(_folder.FullPath);
        (await here.AliveAsync(Token)).Should().ContainSingle();
        (await here.HolderAsync(Token)).Should().NotBeNull();
        (await here.ElsewhereAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Alive_ByAnotherPathToTheSameFolder_IsAlive()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere folders are compared by their paths.");
        using var beside = new TemporaryFolder();
        var store = new SqliteServerStore(_database);
        await new ServerRegistry(store, _time, _folder.FullPath).EnterAsync("http", trusted: true, Token);
        Directory.CreateSymbolicLink(beside.File("link"), _folder.FullPath);

        (await new ServerRegistry(store, _time, beside.File("link")).AliveAsync(Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task Holder_SessionBegunThenEnded_IsThisProcessMeanwhile()
    {
        (await _registry.HolderAsync(Token)).Should().BeNull();
        var session = await _registry.BeginSessionAsync(Token);
        (await _registry.HolderAsync(Token)).Should().Be(new SchedulerHolder(Self, Start));
        await _registry.EndSessionAsync(session, Token);
        (await _registry.HolderAsync(Token)).Should().BeNull();
    }

    [Fact]
    public async Task Holder_SessionOfTheDead_IsNoneAndEndsWithTheNext()
    {
        await ExecuteAsync("INSERT INTO sessions (identity, started_at) VALUES (@identity, @now)", FakeSupervisors.Dead.ToString());
        (await _registry.HolderAsync(Token)).Should().BeNull();
        _time.Advance(TimeSpan.FromMinutes(1));
        await _registry.BeginSessionAsync(Token);

        (await _registry.HolderAsync(Token)).Should().Be(new SchedulerHolder(Self, Start.AddMinutes(1)));
        (await CountAsync("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")).Should().Be(1);
    }

    [Fact]
    public async Task Sessions_EndedCrashedAndHolding_AreToldApartWithTheirRuns()
    {
        var first = await _registry.BeginSessionAsync(Token);
        await AddRunAsync("a", RunState.Succeeded, Start.AddSeconds(1));
        await AddRunAsync("b", RunState.Failed, Start.AddSeconds(2));
        await AddRunAsync("c", RunState.Succeeded, Start.AddSeconds(3));
        _time.Advance(TimeSpan.FromMinutes(1));
        await _registry.EndSessionAsync(first, Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        await ExecuteAsync("INSERT INTO sessions (identity, started_at) VALUES (@identity, @now)", FakeSupervisors.Dead.ToString());
        (await _registry.SessionsAsync(1, Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<SessionEntry>(session => session.State == SessionState.Crashed && session.EndedAt == null);
        _time.Advance(TimeSpan.FromMinutes(5));
        await _registry.BeginSessionAsync(Token);
        await AddRunAsync("d", RunState.Running, Start.AddHours(1));

        var sessions = await _registry.SessionsAsync(10, Token);

        sessions.Select(static session => session.State).Should().Equal(SessionState.Holding, SessionState.Crashed, SessionState.Ended);
        sessions
            .Select(static session => session.EndedAt - session.StartedAt)
            .Should()
            .Equal(null, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
        sessions[0].Runs.Should().Equal(new Dictionary<RunState, int> { [RunState.Running] = 1 });
        sessions[1].Runs.Should().BeEmpty();
        sessions[2].Runs.Should().BeEquivalentTo(new Dictionary<RunState, int> { [RunState.Succeeded] = 2, [RunState.Failed] = 1 });
        (await _registry.SessionsAsync(2, Token)).Should().HaveCount(2);
    }

    private Task AddRunAsync(string id, RunState state, DateTimeOffset started) =>
        new SqliteRunStore(_database).AddAsync(
            new Run
            {
                Id = id,
                Mode = "code",
                Task = "task",
                Agent = "checks",
                AgentKind = AgentKind.Command,
                Priority = RunPriority.Normal,
                State = state,
                TimeoutSeconds = 60,
                CreatedAt = started,
                StartedAt = started,
            },
            "why",
            Token
        );

    private Task AddAsync(string identity) =>
        ExecuteAsync("INSERT INTO servers (identity, pid, mode, trusted, started_at) VALUES (@identity, 1, 'http', 1, @now)", identity);

    private Task ExecuteAsync(string sql, string identity) =>
        _database.WriteAsync((connection, _) => connection.Execute(sql, ("@identity", identity), ("@now", _time.GetUtcNow())), Token);

    private Task<long> CountAsync(string sql) => _database.ReadAsync(connection => connection.Scalar(sql), Token);
}
