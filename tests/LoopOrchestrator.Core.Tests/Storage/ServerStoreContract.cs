using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Servers;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IServerStore))]
public abstract class ServerStoreContract : StorageContract
{
    private protected ServerStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IServerStore Servers => Storage.Servers;

    [Fact]
    public async Task Enter_Again_BringsTrustUpToDateAndNothingElse()
    {
        var entry = new ServerEntry("a", 1, "http", Trusted: false, Start);
        await Servers.EnterAsync(entry, Token);
        await Servers.EnterAsync(entry with { Trusted = true, StartedAt = Start.AddHours(1), Held = "a command" }, Token);
        await Servers.EnterAsync(entry with { Identity = "b", StartedAt = Start.AddMinutes(-1) }, Token);

        var all = await OpenAnother().Servers.AllAsync(Token);
        all.Select(static server => server.Identity).Should().Equal("b", "a");
        all[1].Should().Be(entry with { Trusted = true, Held = "a command" });

        await Servers.RemoveAsync(["a", "nobody"], Token);
        (await Servers.AllAsync(Token)).Should().ContainSingle().Which.Identity.Should().Be("b");
    }

    [Fact]
    public async Task BeginSession_WithOneOpen_EndsThatInTheSameMoment()
    {
        await Servers.BeginSessionAsync("a", Start, Token);
        await EndedAsync(Queued("run-a"), Succeeded());
        var second = await Servers.BeginSessionAsync("b", Start.AddHours(1), Token);

        (await Servers.OpenSessionAsync(Token))!.Identity.Should().Be("b");
        var sessions = await Servers.SessionsAsync(10, Token);
        sessions.Select(static session => session.Identity).Should().Equal("b", "a");
        (sessions[1].EndedAt, sessions[1].NextAt).Should().Be((Start.AddHours(1), Start.AddHours(1)));
        sessions[1].Runs.Should().Equal(new Dictionary<RunState, int> { [RunState.Succeeded] = 1 });

        await Servers.EndSessionAsync(second, Start.AddHours(2), Token);
        (await Servers.OpenSessionAsync(Token)).Should().BeNull();
    }
}
