using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class BudgetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CostOfTheDay_PausesAllSchedulesUntilTheDayIsOver_AndRefusesOtherRuns()
    {
        using var test = Costing(1, new RunBudget { CostPerDayUsd = 3 });
        test.WriteSchedules(TestWorkspace.Every(60, "a"), TestWorkspace.Every(60, "b"));
        await PassHoursAsync(test, 0);
        (await test.Workspace.Status.ReadAsync(Token)).LimitReached.Should().BeNull();
        await PassHoursAsync(test, 21);

        (await RunsAsync(test))
            .Where(run => run.State == RunState.Succeeded)
            .Should()
            .HaveCount(4, "two schedules were due at once before it was known what they cost");
        var skipped = (await test.Workspace.Schedules.Ledger.HistoryAsync("b", 100, Token))
            .Where(row => row.Outcome == OccurrenceOutcome.Skipped)
            .ToList();
        skipped
            .Should()
            .ContainSingle("moments left out for one reason share a row")
            .Which.Should()
            .Match<Occurrence>(row =>
                row.Count == 20 && row.Reason!.Contains("budget: all runs of the day cost 3 USD (budget.costPerDayUsd 3)")
            );
        (await test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain(line => line.Contains("budget.costPerDayUsd", StringComparison.Ordinal));
        var request = () => test.Workspace.Runs.RequestAsync(new RunRequest("code", "more"), Token);
        (await request.Should().ThrowAsync<UserErrorException>()).WithMessage("Nothing was started*costPerDayUsd*");

        test.Restart();
        await PassHoursAsync(test, 4);

        (await RunsAsync(test)).Where(run => run.State == RunState.Succeeded).Should().HaveCount(8, "the next day has its own budget");
    }

    [Fact]
    public async Task CostOfASchedule_PausesThatScheduleOnly_AndResumingCountsAnew()
    {
        using var test = Costing(1, new RunBudget { CostPerSchedulePerDayUsd = 2 });
        test.WriteSchedules(TestWorkspace.Every(60, "a"), TestWorkspace.Every(240, "b"));
        await PassHoursAsync(test, 5);
        (await OfAsync(test, "a")).Should().Be(2);
        (await test.Workspace.Status.SchedulesAsync(Token))[0].Paused.Should().Contain("costPerSchedulePerDayUsd 2");
        (await test.Workspace.Status.SchedulesAsync(Token))[1].Paused.Should().Contain("cost 2 USD");

        (await test.Workspace.Schedules.ResumeAsync("a", Token)).Should().BeTrue();
        await PassHoursAsync(test, 5);

        (await OfAsync(test, "a")).Should().Be(4);
        (await OfAsync(test, "b")).Should().Be(2);
    }

    [Fact]
    public async Task Pause_OfAPerson_IsNotEndedByTheEndOfADay()
    {
        using var test = Costing(1, new RunBudget { CostPerSchedulePerDayUsd = 1 });
        test.WriteSchedules(TestWorkspace.Every(60, "a"));
        await PassHoursAsync(test, 1);
        await test.Workspace.Schedules.PauseAsync("a", "by hand", Token);
        await PassHoursAsync(test, 30);

        (await OfAsync(test, "a")).Should().Be(1);
        (await test.Workspace.Status.SchedulesAsync(Token))[0].Paused.Should().Contain("by hand");
    }

    [Fact]
    public async Task Tokens_OfTheDay_PauseAllSchedules()
    {
        using var test = Costing(0.01, new RunBudget { TokensPerDay = 150 });
        test.WriteSchedules(TestWorkspace.Every(60, "a"));
        await PassHoursAsync(test, 6);

        (await OfAsync(test, "a")).Should().Be(2);
    }

    [Fact]
    public async Task RunsPerHour_SkipsWhatIsDue_AndGoesOnWhenTheHourIsOver()
    {
        using var test = new TestWorkspace(new RunLimits { RunsPerHour = 4 });
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(TestWorkspace.Every(5, "a"));
        for (var i = 0; i < 14; i++)
        {
            await test.RunPassAsync();
            await test.PassAfterAsync(TimeSpan.FromMinutes(5));
        }

        var rows = await test.Workspace.Schedules.Ledger.HistoryAsync("a", 100, Token);
        rows.Count(row => row.Outcome == OccurrenceOutcome.Started).Should().Be(7);
        rows.Should()
            .ContainSingle(row => row.Outcome == OccurrenceOutcome.Skipped)
            .Which.Should()
            .Match<Occurrence>(row => row.Count == 8 && row.Reason!.Contains("limits.runsPerHour"));
    }

    [Fact]
    public async Task Queue_AtItsLength_RefusesAndSkips()
    {
        using var test = new TestWorkspace(new RunLimits { QueueLength = 2, ConcurrentRuns = 1 });
        test.Supervisors.OnLaunch = order => test.Supervisors.ComeUp(order.RunId);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "running"), Token);
        await test.RunPassAsync();
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "one"), Token);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "two"), Token);
        var third = () => test.Workspace.Runs.RequestAsync(new RunRequest("code", "three"), Token);
        (await third.Should().ThrowAsync<UserErrorException>()).WithMessage("*2 runs wait already (limits.queueLength)*");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();

        (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Occurrence>(row => row.Outcome == OccurrenceOutcome.Skipped && row.Reason!.Contains("limits.queueLength"));
    }

    [Fact]
    public async Task Limits_OfARun_ReachItsSupervisorAndItsAgent()
    {
        using var test = new TestWorkspace(
            new RunLimits
            {
                Budget = new RunBudget { CostPerRunUsd = 1.5, TokensPerRun = 9000 },
            }
        );
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.RunPassAsync();

        test.Supervisors.Orders.Should()
            .ContainSingle()
            .Which.Should()
            .Match<SupervisorOrder>(order => order.CostLimitUsd == 1.5 && order.TokenLimit == 9000);
        test.Supervisors.End(
            test.Supervisors.Orders[0].RunId,
            new SupervisorOutcome
            {
                End = SupervisorEnd.OverBudget,
                Reason = "too dear",
                EndedAt = test.Now,
                Account = new AgentAccount { CostUsd = 1.6 },
            }
        );
        await test.RunPassAsync();
        (await RunsAsync(test))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Run>(run => run.State == RunState.Failed && run.Failure == RunFailure.Budget && run.CostUsd == 1.6 && run.Attempt == 1);
    }

    [Fact]
    public async Task Attempts_Several_AreSummedUp()
    {
        using var test = Costing(0.25, new RunBudget(), attempts: 2, exitCode: 1);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        for (var i = 0; i < 6; i++)
        {
            await test.RunPassAsync();
        }

        (await RunsAsync(test))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Run>(run => run.State == RunState.Failed && run.CostUsd == 0.5 && run.Tokens == new AgentTokens(120, 80, 20));
    }

    [Theory]
    [InlineData(1.0, 1000L, "it cost 1.2 USD and may cost 1 (budget.costPerRunUsd), told only at its end")]
    [InlineData(2.0, 99L, "it took 100 tokens and may take 99 (budget.tokensPerRun), told only at its end")]
    [InlineData(1.2, 100L, null)]
    public async Task LimitsOfARun_PassedWithoutAWordBeforeItsEnd_AreRemarkedAndItsResultStands(double dollars, long tokens, string? remark)
    {
        using var test = Costing(1.2, new RunBudget { CostPerRunUsd = dollars, TokensPerRun = tokens });
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.RunPassAsync();
        await test.RunPassAsync();

        var run = (await RunsAsync(test)).Should().ContainSingle().Which;
        run.State.Should().Be(RunState.Succeeded);
        if (remark is null)
        {
            run.Reason.Should().NotContain("told only");
        }
        else
        {
            run.Reason.Should().EndWith(remark);
        }
    }

    private static TestWorkspace Costing(double dollars, RunBudget budget, int attempts = 1, int exitCode = 0)
    {
        var test = new TestWorkspace(
            new RunLimits
            {
                Budget = budget,
                MaxAttempts = attempts,
                RetryBaseSeconds = 0,
                RunsPerHour = 1000,
            }
        );
        test.Supervisors.OnLaunch = order =>
            test.Supervisors.End(
                order.RunId,
                new SupervisorOutcome
                {
                    End = SupervisorEnd.Exited,
                    Reason = "it ended",
                    EndedAt = test.Now,
                    ExitCode = exitCode,
                    Account = new AgentAccount { CostUsd = dollars, Tokens = new AgentTokens(60, 40, 10) },
                }
            );
        return test;
    }

    private static async Task PassHoursAsync(TestWorkspace test, int hours)
    {
        for (var i = 0; i < hours; i++)
        {
            await test.RunPassAsync();
            await test.RunPassAsync();
            test.Time.Advance(TimeSpan.FromHours(1));
        }

        await test.RunPassAsync();
        await test.RunPassAsync();
    }

    private static async Task<int> OfAsync(TestWorkspace test, string schedule) =>
        (await RunsAsync(test)).Count(run => run.ScheduleId == schedule && run.State == RunState.Succeeded);

    private static Task<IReadOnlyList<Run>> RunsAsync(TestWorkspace test) =>
        test.Workspace.Runs.ListAsync(new RunFilter { Limit = 200 }, Token);
}
