using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class SchedulerLoopTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public Task RunAsync_TenMinutesForThreeHours_Fires18TimesAndAccountsForEach() => FireAsync(hours: 3);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task RunAsync_TenMinutesForADay_Fires144TimesAndAccountsForEach() => FireAsync(hours: 24);

    private async Task FireAsync(int hours)
    {
        var count = hours * 6;
        _test.WriteSchedules(TestWorkspace.Every(10));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        var end = _test.Now.AddHours(hours);

        await RunUntilAsync(_test.Workspace, end);

        var history = await HistoryAsync("s");
        history.Should().HaveCount(count).And.OnlyContain(row => row.Outcome == OccurrenceOutcome.Started && row.Count == 1);
        history.Select(row => row.DueAt).Should().OnlyHaveUniqueItems();
        history
            .Should()
            .OnlyContain(row => row.DecidedAt - row.DueAt <= TimeSpan.FromMilliseconds(1), "that is how much later the timer is set");
        var runs = await _test.Workspace.Runs.ListAsync(new RunFilter { Limit = 200 }, TestContext.Current.CancellationToken);
        runs.Should().HaveCount(count).And.OnlyContain(run => run.State == RunState.Succeeded && !run.StopRowPending && !run.MemoryPending);
        var rows = (await File.ReadAllLinesAsync(_test.Paths.Timing, TestContext.Current.CancellationToken)).Skip(1).ToList();
        rows.Should().HaveCount(2 * count);
        rows.GroupBy(row => runs.Single(run => row.Contains(run.Id, StringComparison.Ordinal)).Id, StringComparer.Ordinal)
            .Should()
            .OnlyContain(group => group.Count() == 2);
    }

    [Fact]
    public Task RunAsync_RunOfHalfAnHour_LeavesTheOtherScheduleItsBeat() => BeatAsync(fires: 3);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task RunAsync_RunOfAnHour_LeavesTheOtherScheduleItsBeat() => BeatAsync(fires: 6);

    private async Task BeatAsync(int fires)
    {
        _test.WriteSchedules(TestWorkspace.Every(10, "slow", "\"taskInteraction\":\"skip\""), TestWorkspace.Every(10, "quick"));
        var slow = new List<string>();
        _test.Supervisors.OnLaunch = order =>
        {
            if (
                order.Environment[RunEnvironment.Mode] is "code"
                && File.ReadAllText(order.Environment[RunEnvironment.BriefFile]).Contains("do slow", StringComparison.Ordinal)
            )
            {
                _test.Supervisors.ComeUp(order.RunId);
                slow.Add(order.RunId);
            }
            else
            {
                _test.Supervisors.End(order.RunId);
            }
        };

        await RunUntilAsync(_test.Workspace, _test.Now.AddMinutes(10 * fires));

        slow.Should().ContainSingle("the others were skipped meanwhile");
        (await HistoryAsync("quick")).Should().HaveCount(fires).And.OnlyContain(row => row.Outcome == OccurrenceOutcome.Started);
        (await HistoryAsync("slow")).Where(row => row.Outcome == OccurrenceOutcome.Skipped).Sum(row => row.Count).Should().Be(fires - 1);
    }

    [Fact]
    public async Task RunAsync_HolderStops_AnotherTakesOverAndNothingFiresTwice()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        var other = _test.Open();
        using var stopOther = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var otherPassed = new TaskCompletionSource();

        await RunUntilAsync(_test.Workspace, _test.Now.AddMinutes(30), async () =>
        {
            other.Loop.OnIdle = _ => otherPassed.TrySetResult();
            var running = other.Loop.RunAsync("stdio", () => new ServerTrust(true, ""), stopOther.Token);
            await otherPassed.Task;
            other.Loop.HoldsLock.Should().BeFalse();
            await stopOther.CancelAsync();
            await running;
        });
        await RunUntilAsync(other, _test.Now.AddMinutes(30));

        var history = await HistoryAsync("s");
        history.Sum(row => row.Count).Should().Be(6);
        history.Select(row => row.DueAt).Should().OnlyHaveUniqueItems();
        _test.Supervisors.Orders.Select(order => order.RunId).Should().OnlyHaveUniqueItems().And.HaveCount(6);
    }

    [Fact]
    public async Task RunAsync_SomethingIsBroken_GoesOnAndMakesUp()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        Directory.CreateDirectory(_test.Paths.State);
        await File.WriteAllTextAsync(_test.Paths.Locks, "a file where the folder of locks belongs", TestContext.Current.CancellationToken);

        await RunUntilAsync(_test.Workspace, _test.Now.AddMinutes(1));
        File.Delete(_test.Paths.Locks);
        await RunUntilAsync(_test.Workspace, _test.Now.AddMinutes(1));

        (await HistoryAsync("s")).Should().ContainSingle(row => row.Outcome == OccurrenceOutcome.Started);
    }

    private Task<IReadOnlyList<Occurrence>> HistoryAsync(string id) =>
        _test.Workspace.Schedules.Ledger.HistoryAsync(id, 1000, TestContext.Current.CancellationToken);

    // The clock moves to the loop's next moment each time when it has nothing more to do.
    private async Task RunUntilAsync(Workspace workspace, DateTimeOffset end, Func<Task>? onceRunning = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        workspace.Loop.OnIdle = next =>
        {
            if (onceRunning is { } first)
            {
                onceRunning = null;
                first().GetAwaiter().GetResult();
            }

            // A millisecond behind the moment: that is when the timer is set.
            var moment = next.AddMilliseconds(1);
            if (moment >= end)
            {
                _test.Time.Advance(end - _test.Now);
                stop.Cancel();
            }
            else if (moment > _test.Now)
            {
                _test.Time.Advance(moment - _test.Now);
            }
        };
        await workspace.Loop.RunAsync("http", () => new ServerTrust(true, ""), stop.Token);
        workspace.Loop.OnIdle = null;
    }
}
