using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Agents;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunOutcomeRulesTests
{
    // The result: none, a good one, one that says that it failed. Each row holds for every exit code that is listed.
    public static TheoryData<string, string, string, string> Table =>
        new()
        {
            { "Exited", "none 0", "none good", "Succeeded" },
            { "Exited", "1 137 -1", "none good", "Failed" },
            { "Exited", "none 0 1 137 -1", "bad", "Failed" },
            { "EndedAfterResult", "none", "none good", "Succeeded" },
            { "EndedAfterResult", "none", "bad", "Failed" },
            { "TimedOut", "none 0 1", "none good bad", "TimedOut" },
            { "Interrupted", "none 0 1", "none good bad", "Interrupted" },
            { "OverBudget", "none", "none good bad", "Failed" },
            { "NoService", "none", "none good bad", "Failed" },
            { "NotStarted", "none 0 1", "none good bad", "Failed" },
            { "Shortage", "none", "none", "Failed" },
            { "Cancelled", "none 0 1", "none good bad", "Cancelled" },
        };

    [Theory]
    [InlineData("Exited", 0, false)]
    [InlineData("Exited", 1, true)]
    [InlineData("TimedOut", 0, true)]
    [InlineData("Cancelled", 0, true)]
    [InlineData("Interrupted", 0, false)]
    [InlineData("NotStarted", 0, false)]
    public void WasCutOff_End_IsTrueWhereProcessesWereEnded(string end, int ended, bool wasCutOff) =>
        RunOutcomeRules
            .WasCutOff(
                new SupervisorOutcome
                {
                    End = Enum.Parse<SupervisorEnd>(end),
                    Reason = "because",
                    EndedAt = TestAgents.Moment,
                    EndedProcesses = ended,
                }
            )
            .Should()
            .Be(wasCutOff);

    [Theory]
    [MemberData(nameof(Table))]
    public void Judge_NothingReported_GoesByTheProgram(string end, string exitCodes, string results, string state) =>
        Outcomes(end, exitCodes, results)
            .Should()
            .AllSatisfy(outcome =>
            {
                var judged = RunOutcomeRules.Judge(TestAgents.Run(), outcome);
                judged.State.Should().Be(Enum.Parse<RunState>(state));
                judged.Reason.Should().EndWith("because");
                (judged.ExitCode, judged.EndedAt, judged.Summary)
                    .Should()
                    .Be((outcome.ExitCode, outcome.EndedAt, outcome.Account?.Message));
            });

    [Theory]
    [MemberData(nameof(Table))]
    public void Judge_Reported_StandsUnlessCancelled(string end, string exitCodes, string results, string state)
    {
        foreach (var reported in new[] { RunState.Succeeded, RunState.Failed, RunState.NeedsInput })
        {
            foreach (var outcome in Outcomes(end, exitCodes, results))
            {
                var judged = RunOutcomeRules.Judge(TestAgents.Run() with { ReportedOutcome = reported }, outcome);
                judged.State.Should().Be(state == nameof(RunState.Cancelled) ? RunState.Cancelled : reported);
                judged.Summary.Should().BeNull("what was reported stays");
                judged.CostUsd.Should().Be(outcome.Account?.CostUsd);
            }
        }
    }

    [Fact]
    public void Judge_ReportOfACommand_CountsForNothing()
    {
        var run = TestAgents.Run(kind: AgentKind.Command) with { ReportedOutcome = RunState.Succeeded, Summary = "it says so" };

        var judged = RunOutcomeRules.Judge(run, TestAgents.Outcome(SupervisorEnd.Exited, 7));

        (judged.State, judged.Failure).Should().Be((RunState.Failed, RunFailure.Work));
        judged.Reason.Should().NotContain("reported");
    }

    [Fact]
    public void Table_EveryEnd_HasARow() =>
        Table.Select(row => row.Data.Item1).Distinct(StringComparer.Ordinal).Should().BeEquivalentTo(Enum.GetNames<SupervisorEnd>());

    [Fact]
    public void Judge_NoResultText_TakesTheEndOfTheOutput()
    {
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, 0);

        RunOutcomeRules.Judge(TestAgents.Run(), outcome with { OutputTail = "last words" }).Summary.Should().Be("last words");
        RunOutcomeRules.Judge(TestAgents.Run(), outcome).Summary.Should().BeNull();
        outcome = outcome with
        {
            OutputTail = "last words",
            Account = new AgentAccount { LastText = "all is done" },
        };
        RunOutcomeRules.Judge(TestAgents.Run(), outcome).Summary.Should().Be("all is done", "what it said itself says more");
    }

    [Fact]
    public void Judge_DroppedOutputAndRemains_AreToldInTheReason()
    {
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, 0) with { DroppedBytes = 9, EndedProcesses = 2 };

        RunOutcomeRules
            .Judge(TestAgents.Run(), outcome)
            .Reason.Should()
            .Be("because; 9 bytes of output beyond the limit were dropped; 2 process(es) that it left behind were ended");
        RunOutcomeRules
            .Judge(TestAgents.Run(), outcome with { End = SupervisorEnd.TimedOut, DroppedBytes = 0 })
            .Reason.Should()
            .Be("because", "there its processes had to be ended anyway");
    }

    [Theory]
    [InlineData(1, 90, "because; its usage limit (five_hour) is reached until {reset}", RunFailure.UsageLimit)]
    [InlineData(1, null, "because; its usage limit (five_hour) is reached", RunFailure.UsageLimit)]
    [InlineData(0, 90, "because", null)]
    public void Judge_UsageLimit_IsToldWhereTheRunDidNotSucceed(int exitCode, int? minutes, string reason, RunFailure? failure)
    {
        var limit = new AgentUsageLimit("five_hour", minutes is { } reset ? TestAgents.Moment.AddMinutes(reset) : null);
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, exitCode) with
        {
            Account = new AgentAccount { UsageLimit = limit, DeniedPermissions = ["Bash"] },
        };

        var judged = RunOutcomeRules.Judge(TestAgents.Run(), outcome);

        judged.Reason.Should().Be(reason.Replace("{reset}", $"{limit.ResetsAt:yyyy-MM-ddTHH:mm:ss}Z", StringComparison.Ordinal));
        judged.UsageLimit.Should().Be(failure is null ? null : limit);
        judged.Failure.Should().Be(failure ?? RunFailure.UsageLimit, "of a success nobody asks");
        judged.DeniedPermissions.Should().Equal("Bash");
        var reported = RunOutcomeRules.Judge(TestAgents.Run() with { ReportedOutcome = RunState.Failed }, outcome);
        reported.Failure.Should().Be(RunFailure.Work, "its agent called it failed");
        reported.Reason.Should().StartWith("reported by its agent; because");
    }

    [Fact]
    public void Judge_ResultThatSaysSo_IsAFailureInWords() =>
        RunOutcomeRules
            .Judge(TestAgents.Run(), TestAgents.Outcome(SupervisorEnd.Exited, 0, new AgentResult(true, "bad", 1)))
            .Reason.Should()
            .Be("its result says that it failed; because");

    // What its events told of a program whose events are understood decides, and its exit code beside them is told.
    [Theory]
    [InlineData("good", 0, RunState.Succeeded, "because", null)]
    [InlineData("good", null, RunState.Succeeded, "because", null)]
    [InlineData("good", 1, RunState.Succeeded, "its result says that it succeeded; afterwards because", null)]
    [InlineData("error", 0, RunState.Failed, "its result says that it failed; because", RunFailure.Work)]
    [InlineData(
        "refusal",
        0,
        RunState.Failed,
        "the model refused the task; the same task would be refused again; because",
        RunFailure.Refused
    )]
    public void Judge_EventsThatAreUnderstood_DecideBesideTheExitCode(
        string told,
        int? exitCode,
        RunState state,
        string reason,
        RunFailure? failure
    )
    {
        var result = new AgentResult(told == "error", told, 1) { IsRefusal = told == "refusal" };
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, exitCode) with
        {
            Account = new AgentAccount { Preset = "claude", Result = result },
        };

        var judged = RunOutcomeRules.Judge(TestAgents.Run(), outcome);

        (judged.State, judged.Reason).Should().Be((state, reason));
        judged.Failure.Should().Be(failure ?? RunFailure.Work);
    }

    [Fact]
    public void Judge_OutputOfAProgramThatPrintsEvents_IsNoSummary()
    {
        var outcome = TestAgents.Outcome(SupervisorEnd.Exited, 0) with
        {
            OutputTail = "{}",
            Account = new AgentAccount { Preset = "claude" },
        };

        RunOutcomeRules.Judge(TestAgents.Run(), outcome).Summary.Should().BeNull("events say nothing to a person");
        RunOutcomeRules.Judge(TestAgents.Run(), outcome with { Account = new AgentAccount() }).Summary.Should().Be("{}");
    }

    [Fact]
    public void Judge_NothingTold_HasNoDeniedPermissions() =>
        RunOutcomeRules.Judge(TestAgents.Run(), TestAgents.Outcome(SupervisorEnd.Exited, 0)).DeniedPermissions.Should().BeEmpty();

    private static IEnumerable<SupervisorOutcome> Outcomes(string end, string exitCodes, string results) =>
        from exitCode in exitCodes.Split(' ')
        from result in results.Split(' ')
        select TestAgents.Outcome(
            Enum.Parse<SupervisorEnd>(end),
            exitCode == "none" ? null : int.Parse(exitCode, System.Globalization.CultureInfo.InvariantCulture),
            result == "none" ? null : new AgentResult(result == "bad", result, 1)
        );
}
