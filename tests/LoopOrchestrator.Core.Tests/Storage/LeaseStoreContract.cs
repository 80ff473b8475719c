using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(ILeaseStore))]
public abstract class LeaseStoreContract : StorageContract
{
    private const string Client = "client";

    private protected LeaseStoreContract(IStorageBackend backend)
        : base(backend) { }

    private ILeaseStore Leases => Storage.Leases;

    [Fact]
    public async Task Age_OfAHolderThatIsNotHeardOf_AddsUpUntilItIs()
    {
        var run = await HeldAsync(LeaseKind.Claim);
        await Leases.AgeAsync(TimeSpan.FromSeconds(5), Token);

        await Leases.AgeAsync(TimeSpan.FromSeconds(20), Token);
        await Leases.AgeAsync(TimeSpan.FromSeconds(30), Token);
        (await GetAsync(run.Id)).Lease!.Idle.Should().Be(TimeSpan.FromSeconds(50));

        (await Leases.BeatAsync(run.Id, run.Lease!.Token, Token)).Should().BeTrue();
        await Leases.AgeAsync(TimeSpan.FromSeconds(30), Token);
        (await GetAsync(run.Id)).Lease!.Idle.Should().Be(TimeSpan.Zero);
    }

    [Fact]
    public async Task Beat_WithAnotherToken_IsRefused()
    {
        var run = await HeldAsync(LeaseKind.Claim);

        (await Leases.BeatAsync(run.Id, "foreign", Token)).Should().BeFalse();
        (await Leases.TakeOverAsync(run.Id, "foreign", null, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task NoteGone_OfAClient_IsSaidOnceAndEndsWithATakeover()
    {
        var run = await HeldAsync(LeaseKind.Client);

        (await Leases.NoteGoneAsync(Client, Start, Token)).Should().BeTrue();
        (await Leases.NoteGoneAsync(Client, Start, Token)).Should().BeFalse();
        (await GetAsync(run.Id)).Lease!.GoneSince.Should().Be(Start);

        (await Leases.TakeOverAsync(run.Id, run.Lease!.Token, "another", Token)).Should().BeTrue();
        var lease = (await GetAsync(run.Id)).Lease!;
        (lease.Kind, lease.Owner, lease.GoneSince).Should().Be((LeaseKind.Claim, "another", null));
    }

    [Fact]
    public async Task Renew_OfAClient_IsTrueAsLongAsItHoldsSomething()
    {
        var run = await HeldAsync(LeaseKind.Client);

        (await Leases.RenewAsync(Client, Token)).Should().BeTrue();
        (await Leases.RenewAsync("another", Token)).Should().BeFalse();

        await Storage.Runs.EndAttemptAsync(run.Id, Succeeded(), Policy(), Token);
        (await Leases.RenewAsync(Client, Token)).Should().BeFalse();
    }

    private Task<Run> HeldAsync(LeaseKind kind) =>
        RunningAsync(
            Queued("run-a") with
            {
                AgentKind = AgentKind.Handoff,
            },
            new RunStart(Start)
            {
                LeaseToken = "token",
                LeaseKind = kind,
                LeaseOwner = Client,
            }
        );
}
