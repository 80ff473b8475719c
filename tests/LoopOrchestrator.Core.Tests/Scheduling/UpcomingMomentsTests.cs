using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

public sealed class UpcomingMomentsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 3, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Of_AnIntervalThatHasFired_GoesOnInItsGrid()
    {
        var state = new ScheduleState(Now.AddMinutes(-3), null, null, null);

        UpcomingMoments
            .Of(TestSchedules.Every(10, TimeUnit.Minute), state, Now, 3)
            .Should()
            .Equal(Now.AddMinutes(7), Now.AddMinutes(17), Now.AddMinutes(27));
    }

    [Fact]
    public void Of_OneThatExpires_EndsWithIt()
    {
        var state = new ScheduleState(Now.AddMinutes(-3), null, null, null);
        var schedule = TestSchedules.Every(10, TimeUnit.Minute) with { Expiration = Now.AddMinutes(18) };

        UpcomingMoments.Of(schedule, state, Now, 10).Should().Equal(Now.AddMinutes(7), Now.AddMinutes(17));
        UpcomingMoments.Of(schedule with { Interval = null }, state, Now, 10).Should().BeEmpty();
    }

    [Fact]
    public async Task Preview_OfAChange_TellsItsMomentsAndChangesNothing()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        var schedules = test.Workspace.Schedules;
        var before = await File.ReadAllTextAsync(schedules.Source.FilePath, Token);

        var preview = await schedules.PreviewAsync(
            new ScheduleEdit
            {
                Id = "s",
                Cron = "0 3 * * *",
                TimeZone = "UTC",
                Interval = "",
            },
            2,
            Token
        );

        preview.Changed.Should().Contain("cron");
        preview.Next.Should().HaveCount(2).And.OnlyContain(static moment => moment.Hour == 3 && moment.Minute == 0);
        (await File.ReadAllTextAsync(schedules.Source.FilePath, Token)).Should().Be(before);
    }

    [Fact]
    public async Task Preview_OfOneThatWouldBeRefused_HasEachReasonByItself()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));

        var asking = () =>
            test.Workspace.Schedules.PreviewAsync(
                new ScheduleEdit
                {
                    Id = "s",
                    Interval = "often",
                    Days = ["noday"],
                },
                2,
                Token
            );

        var refused = (await asking.Should().ThrowAsync<ScheduleRefusedException>()).Which;
        refused.Should().BeAssignableTo<UserErrorException>();
        refused.Reasons.Should().HaveCount(2);
        refused.Message.Should().ContainAll(refused.Reasons);
    }
}
