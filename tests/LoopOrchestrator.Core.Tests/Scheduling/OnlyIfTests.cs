using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class OnlyIfTests
{
    private const string Asks = "\"onlyIf\":[\"sh\",\"-c\",\"true\"]";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Due_AsksFirst_AndStartsWhenTheAnswerIsYes()
    {
        using var test = Start(Asks);
        await test.RunPassAsync();

        var check = test.Supervisors.Orders.Should().ContainSingle().Which;
        check.Command.Skip(1).Should().Equal("-c", "true");
        check.TimeoutSeconds.Should().Be(60);
        (await HistoryAsync(test)).Should().ContainSingle().Which.Outcome.Should().BeNull();
        (await RunsAsync(test)).Should().BeEmpty();

        test.Supervisors.End(check.RunId);
        await test.RunPassAsync();

        var row = (await HistoryAsync(test)).Should().ContainSingle().Which;
        row.Outcome.Should().Be(OccurrenceOutcome.Started);
        (await RunsAsync(test)).Should().ContainSingle().Which.Id.Should().Be(row.RunId);
        await test.RunPassAsync();
        test.Supervisors.Orders.Should().HaveCount(2, "the check and the run");
    }

    [Fact]
    public async Task AnswerIsNo_SkipsWithoutARun_AndRepeatsShareARow()
    {
        using var test = Start(Asks);
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId, exitCode: 3);
        await test.RunPassAsync();
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await test.RunPassAsync();

        var row = (await HistoryAsync(test)).Should().ContainSingle().Which;
        (row.Outcome, row.Count).Should().Be((OccurrenceOutcome.Skipped, 2));
        row.Reason.Should().Be("its onlyIf command ended with exit code 3");
        (await RunsAsync(test)).Should().BeEmpty();
    }

    [Fact]
    public async Task CheckGoesOn_TicksDoNotWait_AndLaterMomentsJoinIt()
    {
        using var test = Start(Asks, TestWorkspace.Every(10, "other"));
        await test.RunPassAsync();
        var check = test.Supervisors.Orders[0].RunId;
        test.Supervisors.ComeUp(check);
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));

        (await HistoryAsync(test)).Select(row => row.Outcome).Should().Equal(OccurrenceOutcome.Coalesced, null);
        (await test.Workspace.Schedules.Ledger.HistoryAsync("other", 10, Token)).Should().HaveCount(2);
        test.Supervisors.Orders.Count(order => order.Environment.ContainsKey(SupervisedCommand.Mark)).Should().Be(1);
    }

    [Fact]
    public async Task Fire_CheckAndOverlap_AreAskedInThatOrder()
    {
        using var test = Start(Asks + ",\"taskInteraction\":\"skip\"");
        await test.RunPassAsync();
        test.Supervisors.End(test.Supervisors.Orders[0].RunId);
        await test.RunPassAsync();
        var run = test.Supervisors.Orders[1].RunId;
        test.Supervisors.ComeUp(run);
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        test.Supervisors.Orders.Should().HaveCount(3, "the run that goes on does not keep the check from being made");

        test.Supervisors.End(test.Supervisors.Orders[2].RunId);
        await test.RunPassAsync();

        (await HistoryAsync(test))[0].Reason.Should().Contain(run).And.Contain("taskInteraction is skip");
    }

    [Fact]
    public async Task Answer_ServerKilledMeanwhile_IsTakenByTheNextOne()
    {
        using var test = Start(Asks);
        await test.RunPassAsync();
        test.Supervisors.ComeUp(test.Supervisors.Orders[0].RunId);
        test.Restart();
        await test.RunPassAsync();
        test.Supervisors.Orders.Should().ContainSingle();

        test.Supervisors.End(test.Supervisors.Orders[0].RunId);
        await test.RunPassAsync();

        (await HistoryAsync(test)).Should().ContainSingle().Which.Outcome.Should().Be(OccurrenceOutcome.Started);
    }

    [Fact]
    public async Task SupervisorKilled_IsAskedAgain_ButNotForEver()
    {
        using var test = Start(Asks);
        await test.RunPassAsync();
        for (var attempt = 1; attempt <= OnlyIfChecks.MaxAttempts; attempt++)
        {
            test.Supervisors.Orders.Should().HaveCount(attempt);
            (await HistoryAsync(test)).Should().ContainSingle().Which.Outcome.Should().BeNull();
            test.Supervisors.Die(test.Supervisors.Orders[^1].RunId);
            await test.RunPassAsync();
        }

        test.Supervisors.Orders.Select(order => order.RunId).Should().HaveCount(OnlyIfChecks.MaxAttempts).And.OnlyHaveUniqueItems();
        (await HistoryAsync(test)).Should().ContainSingle().Which.Reason.Should().Contain("its supervisor died");
        (await RunsAsync(test)).Should().BeEmpty();
    }

    [Fact]
    public async Task Command_CouldNotBeStartedForWantOfProcesses_IsAskedAgain()
    {
        using var test = Start(Asks);
        await test.RunPassAsync();
        test.Supervisors.End(test.Supervisors.Orders[^1].RunId, TestAgents.Outcome(SupervisorEnd.Shortage));
        await test.RunPassAsync();

        test.Supervisors.Orders.Should().HaveCount(2);
        (await HistoryAsync(test)).Should().ContainSingle().Which.Outcome.Should().BeNull();
    }

    [Fact]
    public async Task Check_TwoProcesses_IsAskedOnce()
    {
        using var test = Start(Asks);
        await test.Workspace.Loop.TickAsync(Token);
        await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => test.Open()).Select(workspace => Task.Run(() => test.RunPassAsync(workspace), Token))
        );

        test.Supervisors.Orders.Should().ContainSingle();
    }

    [Fact]
    public async Task Check_Untrusted_IsSkippedWithThatReason()
    {
        using var test = new TestWorkspace(trusted: false, defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10, more: Asks));
        await test.RunPassAsync();

        var row = (await HistoryAsync(test)).Should().ContainSingle().Which;
        row.Outcome.Should().Be(OccurrenceOutcome.Skipped);
        row.Reason.Should().Contain("not trusted");
        test.Supervisors.Orders.Should().BeEmpty();
    }

    [Fact]
    public async Task CommandMissing_IsSkipped_AndShowsInStatus()
    {
        using var test = Start("\"onlyIf\":[\"./no-such-program\"]");
        await test.RunPassAsync();
        await test.RunPassAsync();

        (await HistoryAsync(test))
            .Should()
            .ContainSingle()
            .Which.Reason.Should()
            .Contain("could not be started")
            .And.Contain("no-such-program");
        (await test.Workspace.Status.ReadAsync(Token))
            .Diagnostics.Should()
            .ContainSingle(diagnostic => diagnostic.Message.Contains("no-such-program"));
    }

    [Fact]
    public async Task Check_PausedMeanwhile_IsEndedBeforeTheNextOne()
    {
        using var test = Start(Asks + ",\"cron\":\"*/30 * * * * *\"");
        await test.RunPassAsync();
        var first = test.Supervisors.Orders[0].RunId;
        await test.Workspace.Schedules.PauseAsync("s", "x", Token);
        (await HistoryAsync(test)).Should().ContainSingle().Which.Outcome.Should().Be(OccurrenceOutcome.Skipped);
        await test.Workspace.Schedules.ResumeAsync("s", Token);
        await test.PassAfterAsync(TimeSpan.FromSeconds(30));

        test.Supervisors.Orders.Should().ContainSingle("no two checks of one schedule at once");
        File.Exists(Path.Combine(test.Paths.Checks, first, "cancel")).Should().BeTrue();
        test.Supervisors.End(
            first,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Cancelled,
                Reason = "x",
                EndedAt = test.Now,
            }
        );
        await test.RunPassAsync();
        test.Supervisors.Orders.Should().HaveCount(2);
    }

    [Fact]
    public async Task Check_Triggered_IsNotAsked()
    {
        using var test = Start(Asks + ",\"startDate\":\"2030-01-01\"");
        await test.Workspace.Schedules.TriggerAsync("s", Token);
        await test.RunPassAsync();

        test.Supervisors.Orders.Should().ContainSingle().Which.Environment.Should().NotContainKey(SupervisedCommand.Mark);
    }

    [Fact]
    public async Task Folders_OfChecks_AreBounded()
    {
        using var test = Start(Asks);
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId, exitCode: 1);
        for (var round = 0; round < OnlyIfChecks.MaxKept + 5; round++)
        {
            await test.PassAfterAsync(TimeSpan.FromMinutes(10));
            await test.RunPassAsync();
        }

        Directory.GetDirectories(test.Paths.Checks).Should().HaveCount(OnlyIfChecks.MaxKept);
    }

    [Fact]
    public async Task MisfireAll_AsksForEachMoment_OneAfterTheOther()
    {
        using var test = Start(Asks + ",\"misfire\":\"all\",\"startDate\":\"2026-03-01\"");
        test.Supervisors.OnLaunch = order =>
            test.Supervisors.End(order.RunId, exitCode: order.Environment.ContainsKey(SupervisedCommand.Mark) ? 1 : 0);
        await test.RunPassAsync();
        await test.RunPassAsync();
        test.Time.Advance(TimeSpan.FromMinutes(30));
        for (var round = 0; round < 4; round++)
        {
            await test.RunPassAsync();
        }

        test.Supervisors.Orders.Should().HaveCount(4);
        (await HistoryAsync(test)).Sum(row => row.Count).Should().Be(4);
        (await HistoryAsync(test)).Should().OnlyContain(row => row.Outcome == OccurrenceOutcome.Skipped);
    }

    private static TestWorkspace Start(string more, params string[] others)
    {
        var test = new TestWorkspace();
        test.WriteSchedules([TestWorkspace.Every(10, more: more), .. others]);
        return test;
    }

    private static Task<IReadOnlyList<Occurrence>> HistoryAsync(TestWorkspace test) =>
        test.Workspace.Schedules.Ledger.HistoryAsync("s", 100, Token);

    private static Task<IReadOnlyList<Run>> RunsAsync(TestWorkspace test) => test.Workspace.Runs.ListAsync(new RunFilter(), Token);
}
