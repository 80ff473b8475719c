using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.State;
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
        _database = new StateDatabase(_folder.Paths);
        _registry = new ServerRegistry(_database, _time);
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
    public async Task Holder_SessionBegunThenEnded_IsThisProcessMeanwhile()
    {
        (await _registry.HolderAsync(Token)).Should().BeNull();
        var session = await _registry.BeginSessionAsync(Token);
        (await _registry.HolderAsync(Token)).Should().Be((Self, Start));
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

        (await _registry.HolderAsync(Token)).Should().Be((Self, Start.AddMinutes(1)));
        (await CountAsync("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")).Should().Be(1);
    }

    private Task AddAsync(string identity) => ExecuteAsync("INSERT INTO servers (identity, pid, mode, trusted, started_at) VALUES (@identity, 1, 'http', 1, @now)", identity);

    private Task ExecuteAsync(string sql, string identity) =>
        _database.WriteAsync((connection, _) => connection.Execute(sql, ("@identity", identity), ("@now", _time.GetUtcNow())), Token);

    private Task<long> CountAsync(string sql) => _database.ReadAsync(connection => connection.Scalar(sql), Token);
}
