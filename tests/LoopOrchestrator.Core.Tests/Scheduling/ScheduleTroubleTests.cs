using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>A schedule whose due moments cannot be told, beside one that is in order.</summary>
public sealed class ScheduleTroubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, int> Kinds =>
        new()
        {
            { "the same moment for ever", LogEvents.ScheduleStandsStill },
            { "an earlier moment", LogEvents.ScheduleStandsStill },
            { "a later moment backwards", LogEvents.ScheduleStandsStill },
            { "an exception", LogEvents.ScheduleCheckFailed },
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Schedule_DueMomentsCannotBeTold_IsToldOnceAndTheOthersFire(string kind, int logged)
    {
        var log = new RecordingLog();
        using var test = new TestWorkspace { Logging = log, ReadSchedules = Breaking("*/10 * * * *", kind) };
        test.Restart();
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(TestWorkspace.Every(10, "first"), TestWorkspace.Every(10, "bad"), TestWorkspace.Every(10, "last"));
        for (var pass = 0; pass < 6; pass++)
        {
            await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        }

        foreach (var id in new[] { "first", "last" })
        {
            (await test.Workspace.Schedules.Ledger.HistoryAsync(id, 100, Token))
                .Should()
                .HaveCount(6)
                .And.OnlyContain(row => row.Outcome == OccurrenceOutcome.Started);
        }

        log.Entries.Should().ContainSingle(entry => entry.Id == logged).Which.Text.Should().Contain("bad").And.NotContain("{");
        var status = await test.Workspace.Status.ReadAsync(Token);
        status
            .Diagnostics.Should()
            .ContainSingle(found => found.Severity == DiagnosticSeverity.Error)
            .Which.Message.Should()
            .StartWith("schedule 'bad' cannot fire: ");
        status
            .Attention.Should()
            .Contain("1 error(s) in the workspace's files: see findings, in doctor and --info the problems of each file.");
        status.Schedules.Where(static one => one.Schedule.Id != "bad").Should().OnlyContain(static one => one.NextOccurrence != null);
        (await test.Workspace.Status.OverdueAsync(Token)).Should().NotContain(static one => one.Id != "bad");
    }

    [Fact]
    public async Task Clock_SetBackBesideAScheduleInTrouble_GoesBackForTheOthers()
    {
        var isBroken = false;
        var broken = Breaking("* * * * *", "an exception");
        using var test = new TestWorkspace
        {
            ReadSchedules = (content, name, zone) => isBroken ? broken(content, name, zone) : ScheduleFile.Read(content, name, zone),
        };
        test.Restart();
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(TestWorkspace.Every(10, "bad"), TestWorkspace.Every(10, "good"));
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        isBroken = true;
        await File.AppendAllTextAsync(test.Paths.Schedules, "\n", Token);
        test.Workspace.Schedules.Source.Schedules[0].Cron.Should().NotBeNull("the file is read again");
        test.Time.AdjustTime(test.Now.AddHours(-1));
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(80));

        (await test.Workspace.Schedules.Ledger.HistoryAsync("good", 100, Token))
            .Select(static row => row.DueAt.ToString("HH:mm"))
            .Should()
            .Contain(["23:20", "00:30"]);
    }

    // No file can say what its times are like.
    private static ScheduleReader Breaking(string cron, string kind) =>
        (content, name, zone) =>
        {
            var set = ScheduleFile.Read(content, name, zone);
            return new ScheduleSet(
                set.Text,
                set.IsReadable,
                [.. set.Entries.Select(entry => entry.Id == "bad" ? entry with { Schedule = Broke(entry.Schedule!) } : entry)],
                set.Diagnostics
            );

            Schedule Broke(Schedule schedule) => schedule with { Interval = null, Cron = new CronRule(cron, new Broken(kind)) };
        };

    private sealed class Broken(string kind) : IWallClockTimes
    {
        public long? Next(long local, bool inclusive) =>
            kind switch
            {
                "the same moment for ever" => TestSchedules.At("2026-03-01T00:00Z").Ticks,
                "an earlier moment" => local - TimeSpan.TicksPerHour,
                "a later moment backwards" => local + TimeSpan.TicksPerMinute,
                _ => throw new InvalidOperationException("the times of this rule cannot be told"),
            };

        public long? Previous(long local) =>
            kind switch
            {
                "the same moment for ever" => TestSchedules.At("2026-03-01T00:00Z").Ticks,
                "an earlier moment" => local - TimeSpan.TicksPerHour,
                "a later moment backwards" => local + TimeSpan.TicksPerMinute,
                _ => throw new InvalidOperationException("the times of this rule cannot be told"),
            };
    }
}
