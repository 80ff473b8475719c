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

        (await Holds.ReleaseAsync("another", Start.AddMinutes(5), Token)).Should().BeFalse();
        (await Holds.ReleaseAsync("claude", Start.AddMinutes(5), Token)).Should().BeTrue();
        (await Holds.ReleaseAsync("claude", Start.AddMinutes(5), Token)).Should().BeFalse();
        (await Holds.ListAsync(Token)).Should().BeEmpty();
    }

    // When the attempt that is recorded after the release had failed, in minutes, and whether the agent is held back for it.
    [Theory]
    [InlineData("one", 4, false)]
    [InlineData("two", 4, false)]
    [InlineData("one", 6, true)]
    [InlineData("two", 6, true)]
    public async Task Release_AndAFailureIsRecordedLater_HoldsTheAgentOnlyWhenItFailedLater(string digest, int minute, bool isHeld)
    {
        await EndAsync("run-a", RunFailure.SignIn, "one");
        await Holds.ReleaseAsync("claude", Start.AddMinutes(5), Token);

        await EndAsync("run-b", RunFailure.SignIn, digest, minute);

        (await Holds.ListAsync(Token)).Select(static hold => (hold.RunId, hold.Digest)).Should().Equal(isHeld ? [("run-b", digest)] : []);
    }

    // The agent is held back from minute 1 on, for its entry "one".
    [Theory]
    [InlineData("one", 0, 2, RunState.Succeeded, false)]
    [InlineData("one", 0, 2, RunState.NeedsInput, false)]
    [InlineData("one", 0, 1, RunState.Succeeded, true)]
    [InlineData("one", 1, 2, RunState.Failed, true)]
    [InlineData("one", 1, 2, RunState.TimedOut, true)]
    [InlineData("two", 0, 2, RunState.Succeeded, true)]
    [InlineData("two", 1, 2, RunState.Succeeded, false)]
    [InlineData("two", 1, 2, RunState.Failed, false)]
    [InlineData(null, 1, 2, RunState.Succeeded, true)]
    public async Task List_AfterAnotherEnd_HoldsTheAgentUntilItWorksOrWasAnother(
        string? digest,
        int begin,
        int end,
        RunState state,
        bool isHeld
    )
    {
        await EndAsync("run-a", RunFailure.SignIn, "one");

        await EndAsync("run-b", RunFailure.Work, digest, end, begin, state);
        (await Holds.ListAsync(Token)).Select(static hold => hold.RunId).Should().Equal(isHeld ? ["run-a"] : []);

        await EndAsync("run-c", RunFailure.SignIn, "one", minute: 3);
        (await Holds.ListAsync(Token)).Select(static hold => hold.RunId).Should().Equal(isHeld ? "run-a" : "run-c");
    }

    [Fact]
    public async Task List_AfterASuccess_IsNotHeldForWhatFailedBeforeAndIsRecordedLater()
    {
        await EndAsync("run-a", RunFailure.SignIn, "one");
        await EndAsync("run-b", RunFailure.Work, "one", minute: 3, state: RunState.Succeeded);

        await EndAsync("run-c", RunFailure.SignIn, "one", minute: 2);

        (await Holds.ListAsync(Token)).Should().BeEmpty();
    }

    private async Task EndAsync(
        string id,
        RunFailure failure,
        string? digest,
        int minute = 1,
        int begin = 0,
        RunState state = RunState.Failed
    )
    {
        await RunningAsync(Queued(id) with { Agent = "claude", AgentKind = AgentKind.Cli }, new RunStart(Start.AddMinutes(begin)));
        var end = new RunEnd(state, Start.AddMinutes(minute), "it broke") { Failure = failure, AgentDigest = digest };
        (await Storage.Runs.EndAttemptAsync(id, end, Policy(), Token)).Should().NotBeNull();
    }
}
