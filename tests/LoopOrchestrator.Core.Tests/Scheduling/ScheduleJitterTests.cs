using CsCheck;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class ScheduleJitterTests
{
    private static readonly string[] Fixed = ["01:26.480", "02:29.993", "00:50.695", "00:47.488"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void FiringMoment_AskedAgain_IsTheSame()
    {
        var schedule = TestSchedules.Every(1, TimeUnit.Hour) with { Jitter = TimeSpan.FromMinutes(5) };

        // Another process, another version, another machine: the same moments.
        Enumerable
            .Range(0, 4)
            .Select(hour =>
                ScheduleJitter.FiringMoment(schedule, TestSchedules.At("2026-03-02T00:00Z").AddHours(hour)).ToString("mm:ss.fff")
            )
            .Should()
            .Equal(Fixed);
        ScheduleJitter
            .FiringMoment(schedule with { Id = "t" }, TestSchedules.At("2026-03-02T00:00Z"))
            .Should()
            .NotBe(ScheduleJitter.FiringMoment(schedule, TestSchedules.At("2026-03-02T00:00Z")));
        ScheduleJitter
            .FiringMoment(schedule with { Jitter = null }, TestSchedules.At("2026-03-02T00:00Z"))
            .Should()
            .Be(TestSchedules.At("2026-03-02T00:00Z"));
    }

    [Fact]
    public void FiringMoments_StayBeforeTheNextOccurrence_AndSpread()
    {
        FixedSample.Run(Gen.Select(Gen.Int[1, 90], Gen.Int[1, 200], Gen.Int[0, 1_000_000]), 500, value =>
        {
            var (interval, jitter, minute) = value;
            var schedule = TestSchedules.Every(interval, TimeUnit.Minute) with { Jitter = TimeSpan.FromMinutes(jitter) };
            var due = TestSchedules.At("2026-01-01T00:00Z").AddMinutes(minute);
            ScheduleJitter.FiringMoment(schedule, due).Should().BeOnOrAfter(due).And.BeBefore(due.AddMinutes(Math.Min(interval, jitter)));
        });
        var hourly = TestSchedules.Every(1, TimeUnit.Hour) with { Jitter = TimeSpan.FromMinutes(40) };
        var minutes = Enumerable
            .Range(0, 400)
            .Select(hour => TestSchedules.At("2026-01-01T00:00Z").AddHours(hour))
            .GroupBy(due => (int)(ScheduleJitter.FiringMoment(hourly, due) - due).TotalMinutes / 10);
        minutes.Should().HaveCount(4).And.OnlyContain(quarter => quarter.Count() > 70);
    }

    [Fact]
    public async Task Look_DueButPutOff_FiresAtItsMomentUnderItsDueMoment()
    {
        using var test = new TestWorkspace();
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(
            TestWorkspace.Every(60, more: "\"startDate\":\"2026-03-01\",\"jitter\":30,\"misfire\":\"skip\",\"maxLateness\":1")
        );
        var schedule = test.Workspace.Schedules.Source.Get("s");
        await test.RunPassAsync();
        var due = TestSchedules.At("2026-03-02T01:00Z");
        var fires = ScheduleJitter.FiringMoment(schedule, due);
        fires.Should().BeAfter(due.AddMinutes(2), "the test needs one that is put off by more than the lateness");

        var next = await PassAtAsync(test, fires.AddSeconds(-1));

        next.Should().Be(fires, "the loop sleeps until then");
        (await test.Workspace.Status.SchedulesAsync(Token)).Single().NextOccurrence.Should().Be(due);
        (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token)).Should().NotContain(row => row.DueAt == due);
        await PassAtAsync(test, fires);
        var row = (await test.Workspace.Schedules.Ledger.HistoryAsync("s", 1, Token)).Single();
        (row.DueAt, row.Outcome).Should().Be((due, OccurrenceOutcome.Started));
        (await test.Workspace.Status.SchedulesAsync(Token)).Single().NextOccurrence.Should().Be(due.AddHours(1), "jitter moves no grid");
    }

    [Fact]
    public void Read_JitterAsLongAsTheInterval_IsAWarning() =>
        ScheduleFile
            .Read(
                System.Text.Encoding.UTF8.GetBytes($"{{\"schedules\":[{TestWorkspace.Every(10, more: "\"jitter\":10")}]}}"),
                "f",
                TimeZoneInfo.Utc
            )
            .Diagnostics.Should()
            .ContainSingle()
            .Which.Message.Should()
            .Contain("jitter");

    private static Task<DateTimeOffset?> PassAtAsync(TestWorkspace test, DateTimeOffset moment)
    {
        test.Time.Advance(moment - test.Now);
        return test.Workspace.Loop.TickAsync(Token);
    }
}
