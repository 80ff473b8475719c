using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Runs.Rules;

public sealed class RunEndPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly RunEndPolicy Policy = new(new RunLimits { MaxAttempts = 2, LeaseSeconds = 60 }, ["webhook"]);

    private static Run Running { get; } = TestAgents.Run() with { Attempt = 1 };

    private static RunEnd Failed { get; } = new(RunState.Failed, Now, "it broke");

    [Theory]
    [InlineData(RunState.Succeeded)]
    [InlineData(RunState.Cancelled)]
    public void Decide_AboutARunThatHasEnded_IsNothing(RunState state) => Decide(Running with { State = state }, Failed).Should().BeNull();

    [Theory]
    [InlineData(1, RunState.Running, true)]
    [InlineData(2, RunState.Running, false)]
    [InlineData(1, RunState.Queued, false)]
    public void Decide_AboutAnAttempt_IsNothingOnceThatIsOver(int attempt, RunState state, bool decides) =>
        (Decide(Running with { State = state }, Failed with { Attempt = attempt }) is not null).Should().Be(decides);

    [Theory]
    [InlineData(60, false, true)]
    [InlineData(59, false, false)]
    [InlineData(60, true, false)]
    public void Decide_AboutALostHolder_IsNothingOnceThatIsHeardOf(int idleSeconds, bool hasReported, bool decides)
    {
        var held = Running with
        {
            Lease = new RunLease("hash") { Idle = TimeSpan.FromSeconds(idleSeconds) },
            ReportedOutcome = hasReported ? RunState.Succeeded : null,
        };

        (Decide(held, Failed with { Failure = RunFailure.Lease }) is not null).Should().Be(decides);
        Decide(held with { Lease = null }, Failed with { Failure = RunFailure.Lease }).Should().BeNull();
    }

    [Fact]
    public void Decide_FailureWithAnAttemptLeft_QueuesItAgain()
    {
        var decision = Decide(Running, Failed)!;

        (decision.State, decision.Tries).Should().Be((RunState.Queued, 1));
        decision.Retry.Should().NotBeNull();
        decision.Reason.Should().StartWith("it broke; it is tried again after");
        decision.Story.Should().StartWith("attempt 1 failed: it broke; it is tried again after");
    }

    [Fact]
    public void Decide_LastFailure_EndsIt()
    {
        var decision = Decide(Running with { Attempt = 2, Tries = 1 }, Failed)!;

        (decision.State, decision.Tries, decision.Retry).Should().Be((RunState.Failed, 2, null));
        (decision.Reason, decision.Story).Should().Be(("it broke", "failed: it broke"));
    }

    [Fact]
    public void Decide_FailureWhilePaused_EndsItAndSaysWhy()
    {
        var decision = Policy.Decide(Running, Failed, static () => "holiday")!;

        decision.State.Should().Be(RunState.Failed);
        decision.Reason.Should().Be("it broke; it is not tried again, because its schedule is paused (holiday)");
        decision.Tries.Should().Be(1);
    }

    [Fact]
    public void Decide_SuccessWhilePaused_AsksForNoPause() =>
        Policy
            .Decide(Running, new RunEnd(RunState.Succeeded, Now, "done"), static () => throw new InvalidOperationException())!
            .Should()
            .Match<RunEndDecision>(static decision => decision.State == RunState.Succeeded && decision.Tries == 0);

    [Fact]
    public void Decide_CostOverItsLimit_SaysSoUnlessItEndedForThat()
    {
        var dear = Running with { CostLimitUsd = 1 };
        var end = new RunEnd(RunState.Succeeded, Now, "done") { CostUsd = 2 };

        Decide(dear, end)!.Reason.Should().StartWith("done; ").And.EndWith("told only at its end");
        Decide(dear, end with { State = RunState.Failed, Failure = RunFailure.Budget })!.Reason.Should().Be("done");
    }

    [Fact]
    public void Decide_AboutWhatIsKnownFromFilesAlone_SaysSo() =>
        Decide(Running with { IsUnverified = true }, new RunEnd(RunState.Succeeded, Now, "done"))!
            .Reason.Should()
            .Be($"done; {RunEndPolicy.Unverified}");

    private static RunEndDecision? Decide(Run run, RunEnd end) => Policy.Decide(run, end, static () => null);
}
