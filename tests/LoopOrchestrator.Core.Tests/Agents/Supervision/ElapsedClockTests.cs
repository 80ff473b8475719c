using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.Time.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Supervision;

public sealed class ElapsedClockTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(24)]
    public void Now_WallClockIsSet_CountsOnByTheTimeThatPassed(int hours)
    {
        var time = new SetTime(new FakeTimeProvider(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero)));
        var clock = new ElapsedClock(time);

        time.Steady.Advance(TimeSpan.FromMinutes(3));
        time.Set += TimeSpan.FromHours(hours);
        time.Steady.Advance(TimeSpan.FromMinutes(2));

        clock.Now.Should().Be(new DateTimeOffset(2026, 3, 2, 12, 5, 0, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(24)]
    public async Task Row_ClockIsSetWhileARunGoesOn_HasTheDurationThatItsSupervisorMeasured(int hours)
    {
        using var test = new TestWorkspace();
        var time = new SetTime(new FakeTimeProvider(test.Now));
        ElapsedClock? clock = null;
        test.Supervisors.OnLaunch = _ => clock = new ElapsedClock(time);
        test.WriteSchedules(TestWorkspace.Every(600));
        await test.RunPassAsync();
        time.Steady.Advance(TimeSpan.FromSeconds(90));
        time.Set += TimeSpan.FromHours(hours);
        test.Time.AdjustTime(time.GetUtcNow());

        var run = test.Supervisors.Orders[0].RunId;
        test.Supervisors.End(
            run,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                Reason = "x",
                ExitCode = 0,
                EndedAt = clock!.Now,
            }
        );
        await test.RunPassAsync();

        var ended = await test.Workspace.Runs.GetAsync(run, TestContext.Current.CancellationToken);
        ended.State.Should().Be(RunState.Succeeded);
        (ended.EndedAt - ended.StartedAt).Should().Be(TimeSpan.FromSeconds(90));
        var rows = await System.IO.File.ReadAllLinesAsync(test.Paths.Timing, TestContext.Current.CancellationToken);
        rows.Last(row => row.Contains(run, StringComparison.Ordinal)).Split('\t').Should().Contain("90");
    }

    /// <summary>A machine whose wall clock can be set; its monotonic clock goes on, which that of the framework's fake does not.</summary>
    private sealed class SetTime(FakeTimeProvider steady) : TimeProvider
    {
        public FakeTimeProvider Steady => steady;

        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => steady.TimestampFrequency;

        public override long GetTimestamp() => steady.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => steady.GetUtcNow() + Set;
    }
}
