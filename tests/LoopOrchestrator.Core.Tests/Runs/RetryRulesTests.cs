using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RetryRulesTests
{
    private static readonly DateTimeOffset Ended = TestAgents.Moment;

    [Theory]
    [InlineData(0, 0.0, 10)]
    [InlineData(0, 1.0, 12.5)]
    [InlineData(1, 0.0, 20)]
    [InlineData(2, 0.0, 40)]
    [InlineData(2, 1.0, 50)]
    [InlineData(9, 1.0, 3600)]
    public void Decide_WorkFailed_WaitsTwiceAsLongEachTime(int tries, double chance, double seconds)
    {
        var retry = RetryRules.Decide(
            TestAgents.Run() with
            {
                Tries = tries,
            },
            Failed(RunFailure.Work),
            new RunLimits { MaxAttempts = 20 },
            chance
        )!;

        (retry.NotBefore - Ended).Should().Be(TimeSpan.FromSeconds(seconds));
        retry.CountsAsTry.Should().BeTrue();
        retry.ClosesInterval.Should().BeFalse("a pause of seconds belongs to the work");
    }

    [Theory]
    [InlineData(0, 3, true)]
    [InlineData(1, 3, true)]
    [InlineData(2, 3, false)]
    [InlineData(0, 1, false)]
    public void Decide_MostAttempts_IsHeld(int tries, int most, bool again)
    {
        foreach (var failure in new[] { RunFailure.Work, RunFailure.Lease })
        {
            (
                RetryRules.Decide(
                    TestAgents.Run() with
                    {
                        Tries = tries,
                        LostLeases = RetryRules.MaxFreeLosses,
                    },
                    Failed(failure),
                    new RunLimits { MaxAttempts = most },
                    0
                )
                is not null
            )
                .Should()
                .Be(again);
        }
    }

    [Theory]
    [InlineData(RunFailure.Configuration)]
    [InlineData(RunFailure.Budget)]
    public void Decide_TryingAgainWouldChangeNothing_Ends(RunFailure failure) =>
        RetryRules.Decide(TestAgents.Run(), Failed(failure), new RunLimits(), 0).Should().BeNull();

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(4, 40)]
    [InlineData(7, 300)]
    [InlineData(5000, 300)]
    public void Decide_NothingWasBegun_WaitsLongerEachTimeAndDoesNotCount(int attempt, int seconds)
    {
        var run = TestAgents.Run() with { Attempt = attempt, Tries = 2 };
        var end = Failed(RunFailure.Recording);

        var retry = RetryRules.Decide(run, end, new RunLimits { MaxAttempts = 1 }, 0);

        retry!.CountsAsTry.Should().BeFalse();
        (retry.NotBefore - end.EndedAt).Should().Be(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData(RunState.TimedOut)]
    [InlineData(RunState.Interrupted)]
    [InlineData(RunState.Cancelled)]
    [InlineData(RunState.NeedsInput)]
    [InlineData(RunState.Succeeded)]
    public void Decide_AnyOtherEnd_Ends(RunState state) =>
        RetryRules.Decide(TestAgents.Run(), Failed(RunFailure.Work) with { State = state }, new RunLimits(), 0).Should().BeNull();

    [Fact]
    public void Decide_CancelledMeanwhile_Ends() =>
        RetryRules.Decide(TestAgents.Run() with { CancelReason = "no" }, Failed(RunFailure.Work), new RunLimits(), 0).Should().BeNull();

    [Fact]
    public void Decide_HandOffThatItsHolderCallsFailed_Ends() =>
        RetryRules.Decide(TestAgents.Run(kind: AgentKind.Handoff), Failed(RunFailure.Work), new RunLimits(), 0).Should().BeNull();

    // Minutes from the end of the attempt to the reset that was told, and to the next attempt.
    [Theory]
    [InlineData(300, 300)]
    [InlineData(-5, 1)]
    [InlineData(null, 30)]
    [InlineData(100_000_000, 30)]
    public void Decide_UsageLimit_WaitsForItsResetHoweverOften(int? told, int minutes)
    {
        var end = Failed(RunFailure.UsageLimit) with
        {
            UsageLimit = new AgentUsageLimit("five_hour", told is { } reset ? Ended.AddMinutes(reset) : null),
        };

        var retry = RetryRules.Decide(TestAgents.Run() with { Tries = 2 }, end, new RunLimits { MaxAttempts = 1 }, 0)!;

        retry.NotBefore.Should().Be(Ended.AddMinutes(minutes));
        retry.CountsAsTry.Should().BeFalse();
        retry.ClosesInterval.Should().BeTrue("nobody works while it waits");
    }

    // Tries, lost holders before this one, and how many attempts there may be.
    [Theory]
    [InlineData(
        RunFailure.Lease,
        0,
        0,
        3,
        false,
        "it waits to be claimed again; this does not count as an attempt that failed (1 of 3 times)"
    )]
    [InlineData(
        RunFailure.Lease,
        2,
        2,
        3,
        false,
        "it waits to be claimed again; this does not count as an attempt that failed (3 of 3 times)"
    )]
    [InlineData(RunFailure.Lease, 1, 3, 3, true, "it waits to be claimed again (attempt 3 of 3)")]
    [InlineData(RunFailure.Work, 0, 0, 3, true, "it is tried again after 10 s (attempt 2 of 3)")]
    [InlineData(
        RunFailure.Recording,
        0,
        0,
        3,
        false,
        "it waits for 5 s and is then started again; nothing was begun, so this does not count as a failure"
    )]
    public void Decide_ByFailure_SaysWhyAndCounts(RunFailure failure, int tries, int lost, int most, bool counts, string why)
    {
        var run = TestAgents.Run() with { Tries = tries, LostLeases = lost };

        var retry = RetryRules.Decide(run, Failed(failure), new RunLimits { MaxAttempts = most }, 0)!;

        (retry.CountsAsTry, retry.Why).Should().Be((counts, why));
    }

    [Theory]
    [InlineData(60, "when the limit ends")]
    [InlineData(31 * 24 * 60, "because its agent did not say when the limit ends")]
    [InlineData(null, "because its agent did not say when the limit ends")]
    public void Decide_UsageLimit_SaysUntilWhenAndWhy(int? told, string why)
    {
        var limit = new AgentUsageLimit("five_hour", told is { } reset ? Ended.AddMinutes(reset) : null);

        var retry = RetryRules.Decide(TestAgents.Run(), Failed(RunFailure.UsageLimit) with { UsageLimit = limit }, new RunLimits(), 0)!;

        retry
            .Why.Should()
            .Be($"it goes on at {retry.NotBefore:yyyy-MM-ddTHH:mm:ss}Z, {why}; this does not count as an attempt that failed");
    }

    private static RunEnd Failed(RunFailure failure) => new(RunState.Failed, Ended, "because") { Failure = failure };
}
