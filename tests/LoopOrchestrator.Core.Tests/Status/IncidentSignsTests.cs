using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Tests.Scheduling;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class IncidentSignsTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_AWorkspaceThatIsWell_IsNothing() => Of(Status()).Should().BeEmpty();

    [Fact]
    public void Of_QuestionsOfOneSchedule_AreOneThingAsOftenAsTheyAre()
    {
        var status = Status() with { Questions = [new OpenQuestions("s", "code", "b", 2), new OpenQuestions(null, "code", "c", 1)] };

        Of(status)
            .Should()
            .BeEquivalentTo([
                new IncidentSign(IncidentKind.NeedsInput, "schedule 's'", "run b waits for an answer, and 1 more do", 2),
                new IncidentSign(IncidentKind.NeedsInput, "mode code", "run c waits for an answer"),
            ]);
    }

    [Fact]
    public void Of_LimitsThatAreReached_NamesWhatTheyStop()
    {
        var pause = new SchedulePause(Now, PausedBy.Budget, "it has spent 5 USD today", IsOfAll: false, Now.AddHours(12));
        var status = Status() with { LimitReached = "2 runs were asked for within an hour" };

        Of(status with { Schedules = [Schedule() with { Pause = pause }] })
            .Should()
            .BeEquivalentTo([
                new IncidentSign(IncidentKind.BudgetReached, "all runs", "2 runs were asked for within an hour"),
                new IncidentSign(IncidentKind.BudgetReached, "schedule 's'", "it has spent 5 USD today"),
            ]);
        Of(Status() with { Schedules = [Schedule() with { Pause = pause with { IsOfAll = true } }] })
            .Should()
            .ContainSingle()
            .Which.Subject.Should()
            .Be("all schedules");
        Of(Status() with { Schedules = [Schedule() with { Pause = pause with { By = PausedBy.Person } }] })
            .Should()
            .BeEmpty("a person's pause is meant");
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void Of_MomentsLeftOut_AreToldFromTheNumberOn(long count, bool isTold) =>
        Of(Status() with { Schedules = [Schedule() with { Skips = new SkipStreak(count, Now, Now, "run x goes on") }] })
            .Any(static sign => sign is { Kind: IncidentKind.Skips, Subject: "schedule 's'" })
            .Should()
            .Be(isTold);

    [Fact]
    public void Of_NothingThatFires_IsADeadScheduler()
    {
        Of(Status() with { Life = Life(firingSince: null) }).Should().ContainSingle().Which.Kind.Should().Be(IncidentKind.DeadScheduler);
        Of(Status() with { Life = Life(Now) with { Missing = 2 } })
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<IncidentSign>(static sign => sign.Kind == IncidentKind.DeadScheduler && sign.Reason.Contains("nothing fires them"));
    }

    [Fact]
    public void Of_AnEscalation_SaysWhetherItWasResolved()
    {
        IncidentSigns
            .Of(Status(), [Escalation(), Escalation() with { Id = 2, ResolvedAt = Now }])
            .Should()
            .Equal(
                new IncidentSign(IncidentKind.Escalation, "escalation 1", "it failed 2 time(s) in a row", 2),
                new IncidentSign(
                    IncidentKind.Escalation,
                    "escalation 2",
                    "it failed 2 time(s) in a row; resolved, and waiting for its first success",
                    2
                )
            );
    }

    private static IReadOnlyList<IncidentSign> Of(WorkspaceStatus status) => IncidentSigns.Of(status, []);

    private static Escalation Escalation() =>
        new()
        {
            Id = 1,
            Mode = "code",
            Task = "do it",
            Runs = ["run-a", "run-b"],
            Since = Now.AddDays(-2),
            Reason = "it failed 2 time(s) in a row",
        };

    private static ScheduleStatus Schedule() =>
        new(TestSchedules.Every(10, TimeUnit.Minute) with { Id = "s" }, null, null, null, null, null);

    private static ProofOfLife Life(DateTimeOffset? firingSince) => ProofOfLife.Of([Schedule()], firingSince, new DueCount(0, 0));

    private static WorkspaceStatus Status() =>
        new()
        {
            At = Now,
            SchedulerProcess = "1:2:3",
            SchedulerSince = Now.AddHours(-1),
            Servers = [],
            TrustGivenBy = null,
            RunCounts = new Dictionary<RunState, long>(),
            Running = [],
            Queued = [],
            FinalizationPending = [],
            Escalations = [],
            Notices = [],
            NeedInput = [],
            LimitReached = null,
            Held = [],
            Life = Life(Now.AddHours(-1)),
            Waits = new Dictionary<string, WhyNot>(StringComparer.Ordinal),
            Schedules = [Schedule()],
            SkipsToTell = 3,
            Memory = new MemoryFill(0, 1),
            Diagnostics = [],
            Sentences = [],
        };
}
