using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunEndDecisionTests
{
    private static readonly Run Going = TestAgents.Run() with
    {
        StartedAt = TestAgents.Moment,
        DeadlineAt = TestAgents.Moment.AddMinutes(1),
        Executor = "1:2:boot",
        ReportedOutcome = RunState.Failed,
        Summary = "before",
        CostUsd = 0.5,
        Tokens = new AgentTokens(10, 5, 2),
        LostLeases = 1,
        Lease = new RunLease("sha256:x"),
    };

    private static readonly RunEnd End = new(RunState.Failed, TestAgents.Moment.AddMinutes(2), "it failed")
    {
        CostUsd = 0.25,
        Tokens = new AgentTokens(1, 2, 3),
        SessionId = "a session",
        ExitCode = 3,
        Failure = RunFailure.Lease,
        HolderGoneSince = TestAgents.Moment,
    };

    [Fact]
    public void ApplyTo_RunThatEnds_AddsWhatItsAttemptTold() =>
        new RunEndDecision(1, End, null, 2)
            .ApplyTo(Going)
            .Should()
            .BeEquivalentTo(
                Going with
                {
                    State = RunState.Failed,
                    Reason = "it failed",
                    Tries = 2,
                    Failure = RunFailure.Lease,
                    EndedAt = End.EndedAt,
                    CostUsd = 0.75,
                    Tokens = new AgentTokens(11, 7, 5),
                    SessionId = "a session",
                    ExitCode = 3,
                    HolderGoneSince = TestAgents.Moment,
                    LostLeases = 2,
                    StopRowPending = true,
                    MemoryPending = true,
                }
            );

    [Fact]
    public void ApplyTo_RunThatIsTriedAgain_IsNobodysUntilThen()
    {
        var retry = new Retry(TestAgents.Moment.AddHours(1), CountsAsTry: true, "once more");

        var again = new RunEndDecision(1, End, retry, 1).ApplyTo(Going);

        (again.State, again.NotBefore, again.Reason).Should().Be((RunState.Queued, retry.NotBefore, "it failed; once more"));
        (again.Executor, again.DeadlineAt, again.Lease, again.ReportedOutcome, again.EndedAt).Should().Be((null, null, null, null, null));
        (again.StopRowPending, again.MemoryPending).Should().Be((false, false), "the pause belongs to the work");
    }
}
