using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IAgentHoldStore))]
public abstract class AgentHoldStoreContract : StorageContract
{
    private protected AgentHoldStoreContract(IStorageBackend backend)
        : base(backend) { }

    private IAgentHoldStore Holds => Storage.AgentHolds;

    [Theory]
    [InlineData(RunFailure.SignIn, true)]
    [InlineData(RunFailure.Service, true)]
    [InlineData(RunFailure.Work, false)]
    [InlineData(RunFailure.Refused, false)]
    [InlineData(RunFailure.UsageLimit, false)]
    public async Task List_AfterTheEndOfAnAttempt_HoldsTheAgentWhoseServiceIsAtFault(RunFailure failure, bool isHeld)
    {
        await EndAsync("run-a", failure, "digest");

        (await OpenAnother().AgentHolds.ListAsync(Token))
            .Should()
            .Equal(
                isHeld
                    ? [new AgentHold("claude", failure, "it broke", "run-a", Start.AddMinutes(1)) { Digest = "digest" }]
                    : (AgentHold[])[]
            );
    }

    [Fact]
    public async Task List_AfterTheEndOfOneThatIsNoAgentOfTheConfiguration_HoldsNobody()
    {
        await EndAsync("run-a", RunFailure.Service, digest: null);

        (await Holds.ListAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task List_SeveralEnds_NamesTheFirstOfEachEntry()
    {
        await EndAsync("run-a", RunFailure.SignIn, "one");
        await EndAsync("run-b", RunFailure.Service, "one");
        (await Holds.ListAsync(Token)).Should().ContainSingle().Which.RunId.Should().Be("run-a");

        await EndAsync("run-c", RunFailure.Service, "two");
        (await Holds.ListAsync(Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<AgentHold>(static hold => hold.RunId == "run-c" && hold.Digest == "two" && hold.Failure == RunFailure.Service);
    }

    [Fact]
    public async Task Release_OfAHeldAgent_IsDoneOnce()
    {
        await EndAsync("run-a", RunFailure.SignIn, "one");

        (await Holds.ReleaseAsync("another", Token)).Should().BeFalse();
        (await Holds.ReleaseAsync("claude", Token)).Should().BeTrue();
        (await Holds.ReleaseAsync("claude", Token)).Should().BeFalse();
        (await Holds.ListAsync(Token)).Should().BeEmpty();
    }

    private Task EndAsync(string id, RunFailure failure, string? digest) =>
        EndedAsync(
            Queued(id) with
            {
                Agent = "claude",
                AgentKind = AgentKind.Cli,
            },
            Failed() with
            {
                Failure = failure,
                AgentDigest = digest,
            },
            Policy()
        );
}
