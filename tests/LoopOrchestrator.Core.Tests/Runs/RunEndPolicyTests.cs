using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunEndPolicyTests
{
    [Theory]
    [InlineData(0.0, 10)]
    [InlineData(0.5, 11.25)]
    [InlineData(1.0, 12.5)]
    public void Decide_WorkFailed_PausesByTheGivenChance(double chance, double seconds)
    {
        var run = TestAgents.Run() with { State = RunState.Running };
        var end = new RunEnd(RunState.Failed, TestAgents.Moment, "it failed") { Attempt = run.Attempt, Failure = RunFailure.Work };

        var decision = new RunEndPolicy(new RunLimits { MaxAttempts = 3 }, [], () => chance).Decide(run, end, static () => null);

        (decision!.Retry!.NotBefore - TestAgents.Moment).Should().Be(TimeSpan.FromSeconds(seconds));
        decision.State.Should().Be(RunState.Queued);
    }

    [Fact]
    public void Decide_SchedulePaused_EndsInsteadOfTryingAgain()
    {
        var run = TestAgents.Run() with { State = RunState.Running };
        var end = new RunEnd(RunState.Failed, TestAgents.Moment, "it failed") { Attempt = run.Attempt, Failure = RunFailure.Work };

        var decision = new RunEndPolicy(new RunLimits { MaxAttempts = 3 }, []).Decide(run, end, static () => "by hand");

        decision!.State.Should().Be(RunState.Failed);
        decision.Reason.Should().EndWith("it is not tried again, because its schedule is paused (by hand)");
    }
}
