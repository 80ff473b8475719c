using CsCheck;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class OccurrenceLedgerTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("\"cron\":\"5 * * * *\"")]
    [InlineData("\"startHour\":1,\"startMinute\":0")]
    [InlineData("\"startDate\":\"2026-03-02\",\"startHour\":1")]
    public async Task Look_NeverRanAndStartLater_FiresAtTheFirstLookAfterIt(string start)
    {
        _test.WriteSchedules(TestWorkspace.Every(60, more: start));
        await _test.RunPassAsync();
        (await HistoryAsync()).Should().BeEmpty();

        await _test.PassAfterAsync(TimeSpan.FromMinutes(60.5) + TimeSpan.FromMilliseconds(1));

        (await HistoryAsync()).Should().ContainSingle().Which.Outcome.Should().Be(OccurrenceOutcome.Started);
        _test.Supervisors.Orders.Should().ContainSingle();
    }

    [Theory]
    [InlineData("\"misfire\":\"once\"", 1, OccurrenceOutcome.Coalesced)]
    [InlineData("\"misfire\":\"skip\"", 0, OccurrenceOutcome.Missed)]
    [InlineData("\"misfire\":\"all\",\"misfireLimit\":3", 1, OccurrenceOutcome.Missed)]
    [InlineData("\"maxLateness\":1", 0, OccurrenceOutcome.Missed)]
    public async Task Look_AfterAYearOfDowntime_AccountsForAllInAFewRows(string policy, int started, OccurrenceOutcome others)
    {
        _test.WriteSchedules(TestWorkspace.Every(10, more: policy));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        await _test.RunPassAsync();
        await _test.RunPassAsync();
        _test.Time.Advance(TimeSpan.FromDays(365) + TimeSpan.FromMinutes(5));
        _test.Restart();
        await _test.RunPassAsync();

        var history = await HistoryAsync();
        history.Count.Should().BeLessThan(6);
        history.Sum(row => row.Count).Should().Be(1 + (365 * 144));
        history.Count(row => row.Outcome == OccurrenceOutcome.Started).Should().Be(1 + started);
        history.Should().Contain(row => row.Outcome == others && row.Count > 50_000);
    }

    [Fact]
    public async Task Look_MisfireAll_RunsTheLatestOneByOne()
    {
        _test.WriteSchedules(TestWorkspace.Every(10, more: "\"misfire\":\"all\",\"misfireLimit\":3"));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromHours(3) + TimeSpan.FromMinutes(1));
        for (var look = 0; look < 5; look++)
        {
            await _test.RunPassAsync();
        }

        _test.Supervisors.Orders.Should().HaveCount(1 + 3);
        (await HistoryAsync()).Sum(row => row.Count).Should().Be(1 + 18);
        (await HistoryAsync()).Should().NotContain(row => row.Outcome == null);
    }

    [Fact]
    public async Task Look_RandomDowntimesAndPauses_EachDueMomentHasOneOutcome()
    {
        var steps = Gen.Select(Gen.Int[1, 200], Gen.Int[0, 5]).List[12].Generate(new PCG(7, 1), null, out _);
        foreach (var policy in new[] { "once", "skip", "all" })
        {
            var id = policy;
            _test.WriteSchedules(TestWorkspace.Every(7, id, $"\"misfire\":\"{policy}\",\"maxLateness\":90"));
            _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
            var begin = _test.Now;
            await _test.RunPassAsync();
            foreach (var (minutes, action) in steps)
            {
                _test.Time.Advance(TimeSpan.FromMinutes(minutes));
                switch (action)
                {
                    case 0:
                        await _test.Workspace.Schedules.PauseAsync(id, "for a while", Token);
                        break;
                    case 1:
                        await _test.Workspace.Schedules.ResumeAsync(id, Token);
                        break;
                    case 2:
                        await _test.Workspace.Schedules.PauseAsync("*", "all of it", Token);
                        break;
                    case 3:
                        await _test.Workspace.Schedules.ResumeAsync("*", Token);
                        break;
                    case 4:
                        _test.Restart();
                        break;
                    default:
                        await _test.RunPassAsync();
                        break;
                }
            }

            await _test.Workspace.Schedules.ResumeAsync("*", Token);
            await _test.RunPassAsync();
            var schedule = _test.Workspace.Schedules.Source.Get(id);
            var due = 1 + NextOccurrence.Count(schedule, begin, _test.Now, begin);
            (await HistoryAsync(id)).Sum(row => row.Count).Should().Be(due, $"that many were due with {policy}");
        }
    }

    [Fact]
    public async Task Look_OverlapWait_WaitsAndStartsAfterTheEnd()
    {
        var first = await RunningAsync("\"inactivityDelay\":600");
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        (await HistoryAsync())[0].Outcome.Should().BeNull();

        _test.Supervisors.End(first);
        await _test.RunPassAsync();

        (await HistoryAsync())[0].Outcome.Should().Be(OccurrenceOutcome.Started);
        _test.Supervisors.Orders.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("\"taskInteraction\":\"interrupt\"", "interrupt")]
    [InlineData("\"inactivityDelay\":5", "silent")]
    public async Task Look_OverlapThatEndsTheRun_AsksForItsEnd(string rule, string because)
    {
        var first = await RunningAsync(rule);

        // The test's own process stands for the supervisor; it must not get the signal.
        _test.Supervisors.Die(first);
        _test.Time.Advance(TimeSpan.FromMinutes(10));
        await _test.Workspace.Loop.TickAsync(Token);

        (await _test.Workspace.Runs.GetAsync(first, Token)).CancelReason.Should().Contain(because);
        (await HistoryAsync())[0].Outcome.Should().BeNull();
    }

    [Fact]
    public async Task Pause_DropsWhatWaits_AndLaterMomentsAreSkippedInOneRow()
    {
        await RunningAsync("\"inactivityDelay\":600");
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await _test.Workspace.Schedules.PauseAsync("s", "holiday", Token);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));

        var history = await HistoryAsync();
        history.Should().NotContain(row => row.Outcome == null);
        history[0]
            .Should()
            .Match<Occurrence>(row => row.Outcome == OccurrenceOutcome.Skipped && row.Count == 2 && row.Reason!.Contains("holiday"));
    }

    [Fact]
    public async Task Trigger_RunThere_IsRefused()
    {
        await RunningAsync("");

        var trigger = () => _test.Workspace.Schedules.TriggerAsync("s", Token);

        await trigger.Should().ThrowAsync<UserErrorException>().WithMessage("*has a run already*");
    }

    [Fact]
    public async Task Trigger_AtTheMomentOfADueOne_BlocksNothing()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(1));
        _test.Time.Advance(TimeSpan.FromMinutes(9));
        await _test.Workspace.Schedules.TriggerAsync("s", Token);

        await _test.RunPassAsync();

        (await HistoryAsync()).Should().HaveCount(3).And.ContainSingle(row => row.DueAt == _test.Now && row.Reason != "triggered by hand");
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(24 * 60)]
    public async Task Look_ClockJumps_FiresNothingTwice(int minutes)
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.Time.AdjustTime(_test.Now.AddMinutes(minutes));
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        _test.Supervisors.Orders.Should().HaveCount(minutes < 0 ? 2 : 3);
        (await HistoryAsync()).Select(row => row.DueAt).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Look_UnknownMode_SkipsWithReasonAndLeavesTheOthers()
    {
        _test.WriteSchedules(
            TestWorkspace.Every(10, "bad").Replace("\"mode\":\"code\"", "\"mode\":\"cod\"", StringComparison.Ordinal),
            TestWorkspace.Every(10, "good")
        );

        await _test.RunPassAsync();

        (await HistoryAsync("bad"))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Occurrence>(row => row.Outcome == OccurrenceOutcome.Skipped && row.Reason!.Contains("'cod'"));
        (await HistoryAsync("good")).Should().ContainSingle().Which.Outcome.Should().Be(OccurrenceOutcome.Started);
    }

    [Fact]
    public async Task Look_FileEditedBrokenAndDeleted_TakesEachAtTheNextLook()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await _test.RunPassAsync();
        _test.WriteSchedules(TestWorkspace.Every(10), TestWorkspace.Every(10, "new"));
        await _test.RunPassAsync();
        (await HistoryAsync("new")).Should().ContainSingle();

        _test.WriteScheduleFile("{\n \"schedules\": [ oops");
        _test.Workspace.Schedules.Source.Schedules.Should().HaveCount(2);
        _test.Workspace.Schedules.Source.Diagnostics.Should().Contain(diagnostic => diagnostic.Line == 2 && diagnostic.Column > 1);

        File.Delete(_test.Paths.Schedules);
        _test.Workspace.Schedules.Source.Schedules.Should().BeEmpty();
    }

    [Fact]
    public async Task Look_ScheduleGoneWhileAnOccurrenceWaits_SettlesIt()
    {
        await RunningAsync("\"inactivityDelay\":600");
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.WriteSchedules(TestWorkspace.Every(10, "another"));

        await _test.RunPassAsync();

        (await HistoryAsync()).Should().NotContain(row => row.Outcome == null);
    }

    private async Task<string> RunningAsync(string more)
    {
        _test.WriteSchedules(TestWorkspace.Every(10, more: more));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.ComeUp(order.RunId);
        await _test.RunPassAsync();
        return _test.Supervisors.Orders.Should().ContainSingle().Which.RunId;
    }

    private Task<IReadOnlyList<Occurrence>> HistoryAsync(string id = "s") => _test.Workspace.Schedules.Ledger.HistoryAsync(id, 1000, Token);
}
