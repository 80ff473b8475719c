using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Tests.Storage;

[ContractOf(typeof(IOccurrenceLedger))]
public abstract class OccurrenceLedgerContract : StorageContract
{
    private protected OccurrenceLedgerContract(IStorageBackend backend)
        : base(backend) { }

    private IOccurrenceLedger Ledger => Storage.Ledger;

    [Fact]
    public async Task Enter_DueMoment_StartsItsRunOnce()
    {
        (await Ledger.EnterAsync(Due(Start, "run-a"), Token))!.StartedRunId.Should().Be("run-a");
        (await OpenAnother().Ledger.EnterAsync(Due(Start, "run-b"), Token)).Should().BeNull("another process has entered it");

        (await GetAsync("run-a")).State.Should().Be(RunState.Queued);
        (await Storage.Runs.FindAsync("run-b", Token)).Should().BeNull();
        (await Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which.RunId.Should().Be("run-a");
        (await Ledger.StatesAsync(Token))["s"].LastDueAt.Should().Be(Start);
        (await Storage.Runs.DueAtAsync("run-a", Token)).Should().Be(Start);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Enter_DueMoment_IsTheOriginOfItsRun(bool isCatchUp)
    {
        var (first, second) = (Due(Start, "run-a"), Next("run-b"));
        await Ledger.EnterAsync(first with { Segments = [first.Segments[0] with { IsCatchUp = isCatchUp }] }, Token);
        await Ledger.EnterAsync(second with { Segments = [second.Segments[0] with { IsCatchUp = isCatchUp }] }, Token);
        await Storage.Runs.TryStartAsync("run-a", new(Start), Token);
        await Storage.Runs.EndAttemptAsync("run-a", Succeeded(), Policy(), Token);

        (await Ledger.StartWaitingAsync("s", Queued("run-b", "s"), "its turn", Start, Token)).Should().BeFalse("it shared the run before");
        (await GetAsync("run-a"))
            .Should()
            .Match<Run>(run => run.Origin == RunOrigin.Schedule && run.ScheduledFor == Start && run.IsCatchUp == isCatchUp);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StartWaiting_ItsTurn_IsTheOriginOfItsRun(bool isCatchUp)
    {
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Storage.Runs.TryStartAsync("run-a", new(Start), Token);
        var next = Next("run-b");
        await Ledger.EnterAsync(next with { Segments = [next.Segments[0] with { IsCatchUp = isCatchUp }] }, Token);
        await Storage.Runs.EndAttemptAsync("run-a", Succeeded(), Policy(), Token);

        (await Ledger.StartWaitingAsync("s", Queued("run-b", "s"), "its turn", Start, Token)).Should().BeTrue();

        (await GetAsync("run-b"))
            .Should()
            .Match<Run>(run => run.Origin == RunOrigin.Schedule && run.ScheduledFor == Start.AddMinutes(10) && run.IsCatchUp == isCatchUp);
    }

    [Fact]
    public async Task Trigger_ByHand_IsTheOriginOfItsRun()
    {
        await Ledger.TriggerAsync("s", Queued("run-a", "s"), "by hand", Token);

        (await GetAsync("run-a")).Should().Match<Run>(run => run.Origin == RunOrigin.Trigger && run.ScheduledFor == null);
    }

    [Fact]
    public async Task History_AndLatest_HaveTheStateOfTheirRuns()
    {
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Storage.Runs.TryStartAsync("run-a", new(Start), Token);
        await Storage.Runs.EndAttemptAsync("run-a", Failed(), Policy(), Token);
        var missed = new DueSegment(Start.AddMinutes(10), Start.AddMinutes(10), 1, OccurrenceOutcome.Missed, "no server ran");
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [missed], PlannedFrom = Start }, Token);

        (await Ledger.HistoryAsync("s", 10, Token)).Select(static row => row.RunState).Should().Equal(null, RunState.Failed);
        (await Ledger.LatestAsync(["s"], Token))["s"].Outcome.Should().Be(OccurrenceOutcome.Missed);
        (await Ledger.LatestRunsAsync(["s", "other"], Token)).Should().ContainSingle().Which.Value.Id.Should().Be("run-a");
    }

    [Fact]
    public async Task Enter_SeveralOfWhichOneThrows_EntersNone()
    {
        await AddAsync(Queued("run-b"));

        var entering = () => Ledger.EnterAsync([Due(Start, "run-a"), Due(Start, "run-b") with { ScheduleId = "t" }], Token);

        await entering.Should().ThrowAsync<Exception>("there is a run of that id already");
        (await Storage.Runs.FindAsync("run-a", Token)).Should().BeNull();
        (await Ledger.HistoryAsync(null, 10, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Enter_WhileARunGoesOn_WaitsAndStartsBehindIt()
    {
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Storage.Runs.TryStartAsync("run-a", new(Start), Token);

        (await Ledger.EnterAsync(Next("run-b"), Token))!.Outcome.Should().BeNull();
        (await Ledger.StartWaitingAsync("s", Queued("run-b", "s"), "its turn", Start, Token)).Should().BeFalse("the first one goes on");
        await Storage.Runs.EndAttemptAsync("run-a", Succeeded(), Policy(), Token);

        (await Ledger.WaitingSchedulesAsync(Token)).Should().Equal(new WaitingSchedule("s", IsReady: true));
        (await Ledger.StartWaitingAsync("s", Queued("run-b", "s"), "its turn", Start, Token)).Should().BeTrue();
        (await Ledger.WaitingAsync(Token)).Should().BeEmpty();
        (await Ledger.LatestAsync(["s"], Token))["s"].RunId.Should().Be("run-b");
    }

    [Fact]
    public async Task Enter_SkippedMomentsInARow_ShareARow()
    {
        var missed = new DueSegment(Start, Start.AddMinutes(10), 2, OccurrenceOutcome.Missed, "no server ran");
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [missed] }, Token);
        var later = new DueSegment(Start.AddMinutes(20), Start.AddMinutes(30), 2, OccurrenceOutcome.Missed, "no server ran");
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [later], PlannedFrom = Start.AddMinutes(10) }, Token);

        (await Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which.Count.Should().Be(4);
    }

    [Fact]
    public async Task Enter_WhilePaused_EntersNothing()
    {
        await Storage.Pauses.PauseAsync("*", "holiday", Start, Token);

        (await Ledger.EnterAsync(Due(Start, "run-a"), Token)).Should().BeNull();
        (await Storage.Runs.FindAsync("run-a", Token)).Should().BeNull();
    }

    [Fact]
    public async Task Trigger_IsOfNoDueMoment_WhateverADueOneIsCalled()
    {
        await Ledger.TriggerAsync("s", Queued("run-hand", "s"), "a person asked", Token);
        var passed = new DueSegment(Start, Start, 1, OccurrenceOutcome.Skipped, "triggered by hand");
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [passed] }, Token);

        (await Storage.Runs.DueAtAsync("run-hand", Token)).Should().BeNull();
        (await Ledger.HistoryAsync("s", 10, Token))
            .Select(static row => (row.DueAt, row.Origin))
            .Should()
            .Equal((Start.AddMilliseconds(1), OccurrenceOrigin.Hand), (Start, OccurrenceOrigin.Schedule));
    }

    [Fact]
    public async Task Enter_SkippedForAReasonThatMatters_KeepsItsCode()
    {
        var skipped = new DueSegment(Start, Start, 1, OccurrenceOutcome.Skipped, "no program")
        {
            ReasonCode = OccurrenceReasonCode.CheckNotStarted,
        };
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [skipped] }, Token);

        (await Ledger.HistoryAsync("s", 10, Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Occurrence>(static row =>
                row.ReasonCode == OccurrenceReasonCode.CheckNotStarted && row.State == OccurrenceState.Skipped
            );
    }

    [Fact]
    public async Task Trigger_WithARunThere_ThrowsAndAddsNone()
    {
        await Ledger.TriggerAsync("s", Queued("run-a", "s"), "by hand", Token);

        var again = () => Ledger.TriggerAsync("s", Queued("run-b", "s"), "by hand", Token);

        (await again.Should().ThrowAsync<UserErrorException>()).WithMessage("*run-a*");
        (await Storage.Runs.FindAsync("run-b", Token)).Should().BeNull();
        (await Ledger.StatesAsync(Token)).Should().NotContainKey("s", "a run by hand moves no due moment");
        (await Storage.Runs.DueAtAsync("run-a", Token)).Should().BeNull();
    }

    [Fact]
    public async Task Check_OfAnOccurrence_IsBegunAndSettledOnce()
    {
        await Ledger.EnterAsync(Due(Start, "run-a") with { Checks = true }, Token);
        var waiting = (await Ledger.CheckingAsync(Token)).Should().ContainSingle().Which;

        (await Ledger.HoldCheckAsync(waiting, "not trusted", Token)).Should().BeTrue();
        (await Ledger.BeginCheckAsync(waiting, "folder", "hash", Token)).Should().BeTrue();
        (await Ledger.BeginCheckAsync(waiting, "another", "hash", Token)).Should().BeFalse();
        (await Ledger.HoldCheckAsync(waiting, "not trusted", Token)).Should().BeFalse();

        (await Ledger.RecordCheckAsync(waiting, Due(Start, "run-a"), Token))!.StartedRunId.Should().Be("run-a");
        (await Ledger.RecordCheckAsync(waiting, Due(Start, "run-b"), Token)).Should().BeNull();
    }

    [Fact]
    public async Task CheckAgain_AfterItsSupervisorWasKilled_MakesTheAttemptBeforeWorthless()
    {
        await Ledger.EnterAsync(Due(Start, "run-a") with { Checks = true }, Token);
        var first = (await Ledger.CheckingAsync(Token))[0];
        await Ledger.BeginCheckAsync(first, "folder", "hash", Token);

        await Ledger.CheckAgainAsync(first, Token);

        (await Ledger.RecordCheckAsync(first, Due(Start, "run-a"), Token)).Should().BeNull();
        (await Ledger.CheckingAsync(Token)).Should().ContainSingle().Which.CheckFolder.Should().BeNull();
    }

    [Fact]
    public async Task CountDue_SinceAMoment_CountsMomentsAndNotRows()
    {
        var several = new DueSegment(Start.AddMinutes(10), Start.AddMinutes(30), 3, OccurrenceOutcome.Missed, "nothing could fire it");
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [several], PlannedFrom = Start }, Token);
        await Ledger.EnterAsync(Due(Start.AddMinutes(40), "run-c") with { PlannedFrom = Start.AddMinutes(30), Checks = true }, Token);
        await Storage.Runs.TryRequestCancelAsync("run-a", "over", Token);
        await Storage.Runs.EndAttemptAsync("run-a", Succeeded() with { State = RunState.Cancelled }, Policy(), Token);
        await Ledger.TriggerAsync("other", Queued("run-d", "other") with { CreatedAt = Start.AddMinutes(50) }, "by hand", Token);

        (await Ledger.CountDueAsync(Start, Token)).Should().Be(new DueCount(5, 1));
        (await Ledger.CountDueAsync(Start.AddMinutes(1), Token)).Should().Be(new DueCount(4, 1));
        (await Ledger.CountDueAsync(Start.AddMinutes(30), Token))
            .Should()
            .Be(new DueCount(2, 1), "one of three is behind it, and one waits");
        (await Ledger.CountDueAsync(Start.AddMinutes(41), Token)).Should().Be(new DueCount(1, 1), "what waits counts however old it is");
        (await Ledger.OldestOpenAsync(Token))["s"].DueAt.Should().Be(Start.AddMinutes(40));
    }

    [Fact]
    public async Task Slots_OfAPeriod_HaveEachDueMomentOnceWithWhatBecameOfIt()
    {
        var several = new DueSegment(Start.AddMinutes(10), Start.AddMinutes(90), 9, OccurrenceOutcome.Missed, "nothing could fire it");
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [several], PlannedFrom = Start }, Token);
        await Ledger.EnterAsync(Due(Start.AddMinutes(100), "run-c") with { PlannedFrom = Start.AddMinutes(90), Checks = true }, Token);
        await Storage.Runs.TryRequestCancelAsync("run-a", "over", Token);
        await Storage.Runs.EndAttemptAsync("run-a", Succeeded() with { State = RunState.Cancelled }, Policy(), Token);
        await Ledger.TriggerAsync("other", Queued("run-d", "other") with { CreatedAt = Start.AddMinutes(50) }, "by hand", Token);

        (await Ledger.SlotsAsync("s", Start, Start.AddDays(1), Token))
            .Should()
            .Equal(
                new OccurrenceSlot("s", Start, OccurrenceOutcome.Started, RunState.Cancelled, 1),
                new OccurrenceSlot("s", Start.AddMinutes(10), OccurrenceOutcome.Missed, null, 2),
                new OccurrenceSlot("s", Start.AddMinutes(30), OccurrenceOutcome.Missed, null, 3),
                new OccurrenceSlot("s", Start.AddMinutes(60), OccurrenceOutcome.Missed, null, 3),
                new OccurrenceSlot("s", Start.AddMinutes(90), OccurrenceOutcome.Missed, null, 1),
                new OccurrenceSlot("s", Start.AddMinutes(100), null, null, 1)
            );
        (await Ledger.SlotsAsync(null, Start.AddMinutes(25), Start.AddMinutes(61), Token))
            .Should()
            .Equal(
                new OccurrenceSlot("s", Start.AddMinutes(30), OccurrenceOutcome.Missed, null, 3),
                new OccurrenceSlot("s", Start.AddMinutes(60), OccurrenceOutcome.Missed, null, 1)
            );
        (await Ledger.SlotsAsync("other", Start, Start.AddDays(1), Token)).Should().BeEmpty("what was triggered by hand was not due");
        (await Ledger.SlotsAsync(null, Start.AddDays(-1), Start, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task TriggerByHand_WithinARowOfSeveral_HidesNoneOfThem()
    {
        var several = new DueSegment(Start.AddMinutes(10), Start.AddMinutes(90), 9, OccurrenceOutcome.Missed, "nothing could fire it");
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [several] }, Token);
        var middle = Start.AddMinutes(50);
        var count = await Ledger.CountDueAsync(middle, Token);
        var slots = await Ledger.SlotsAsync("s", middle, Start.AddDays(1), Token);
        (count.Due, slots.Count).Should().Be((4, 3), "the half of nine is behind it");

        await Ledger.TriggerAsync("s", Queued("run-d", "s") with { CreatedAt = Start.AddMinutes(40) }, "by hand", Token);

        (await Ledger.CountDueAsync(middle, Token)).Should().Be(count);
        (await Ledger.SlotsAsync("s", middle, Start.AddDays(1), Token)).Should().Equal(slots);
    }

    [Fact]
    public async Task SkipStreak_RowsLeftOutInARow_AreSummedUpFromTheLatestOtherOneOn()
    {
        (await Ledger.SkipStreakAsync("s", Token)).Should().BeNull();
        await OutcomeAsync(0, OccurrenceOutcome.Skipped, "before");
        await OutcomeAsync(10, OccurrenceOutcome.Missed, "no server ran");
        (await Ledger.SkipStreakAsync("s", Token)).Should().BeNull();

        await OutcomeAsync(20, OccurrenceOutcome.Skipped, "first");
        await OutcomeAsync(30, OccurrenceOutcome.Skipped, "late");
        await OutcomeAsync(40, OccurrenceOutcome.Skipped, "late", OccurrenceReasonCode.CheckNotStarted);

        (await Ledger.SkipStreakAsync("s", Token)).Should().Be(new SkipStreak(3, Start.AddMinutes(20), Start.AddMinutes(40), "late"));
        (await Ledger.SkipStreakAsync("other", Token)).Should().BeNull();
    }

    [Theory]
    [InlineData(OccurrenceReasonCode.Paused)]
    [InlineData(OccurrenceReasonCode.CheckSaidNo)]
    public async Task SkipStreak_WhatWasMeantToBeLeftOut_EndsIt(OccurrenceReasonCode code)
    {
        await OutcomeAsync(0, OccurrenceOutcome.Skipped);
        await OutcomeAsync(10, OccurrenceOutcome.Skipped, "meant", code);
        (await Ledger.SkipStreakAsync("s", Token)).Should().BeNull();

        await OutcomeAsync(20, OccurrenceOutcome.Skipped);
        (await Ledger.SkipStreakAsync("s", Token))!.Count.Should().Be(1);
    }

    [Fact]
    public async Task SkipStreak_WhatWaitsOrWasTriggeredByHand_NeitherAddsToItNorEndsIt()
    {
        await OutcomeAsync(0, OccurrenceOutcome.Skipped, "first");
        await Ledger.TriggerAsync("s", Queued("run-hand", "s") with { CreatedAt = Start.AddMinutes(5) }, "by hand", Token);
        await Storage.Runs.TryStartAsync("run-hand", new(Start), Token);
        await Ledger.EnterAsync(Due(Start.AddMinutes(10), "run-b") with { PlannedFrom = Start }, Token);
        await OutcomeAsync(20, OccurrenceOutcome.Skipped, "last");
        await Ledger.EnterAsync(Due(Start.AddMinutes(30), "run-c") with { PlannedFrom = Start.AddMinutes(20), Checks = true }, Token);
        (await Ledger.HistoryAsync("s", 10, Token)).Should().HaveCount(5);

        (await Ledger.SkipStreakAsync("s", Token)).Should().Be(new SkipStreak(2, Start, Start.AddMinutes(20), "last"));
    }

    [Fact]
    public async Task SkipStreak_OfManyRows_IsCountedToItsBegin()
    {
        for (var number = 0; number < 120; number++)
        {
            await OutcomeAsync(number * 10, OccurrenceOutcome.Skipped, $"run {number} goes on");
        }

        (await Ledger.SkipStreakAsync("s", Token))!.Count.Should().Be(120);
    }

    [Fact]
    public async Task SkipStreak_ARunThatAPauseTookOutOfTheQueue_WasMeant()
    {
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Storage.Pauses.PauseAsync("s", "holiday", Start, Token);

        (await Ledger.LatestAsync(["s"], Token))["s"]
            .Should()
            .Match<Occurrence>(static row =>
                row.Outcome == OccurrenceOutcome.Skipped && row.ReasonCode == OccurrenceReasonCode.Paused
            );
        (await Ledger.SkipStreakAsync("s", Token)).Should().BeNull();
    }

    [Fact]
    public async Task DropWaiting_OfARemovedSchedule_SkipsWhatWaits()
    {
        await Ledger.EnterAsync(Due(Start, "run-a") with { Checks = true }, Token);
        await Ledger.BeginCheckAsync((await Ledger.CheckingAsync(Token))[0], "folder", "hash", Token);

        await Ledger.DropWaitingAsync("s", "it was removed", Start, Token);

        (await Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which.Outcome.Should().Be(OccurrenceOutcome.Skipped);
        (await Ledger.DroppedChecksAsync("s", 10, Token)).Should().Equal("folder");
    }

    [Fact]
    public async Task Rewind_WithTheClock_TakesAwayWhatIsStillToCome()
    {
        var skipped = new DueSegment(Start.AddHours(2), Start.AddHours(2), 1, OccurrenceOutcome.Skipped, "paused");
        await Ledger.EnterAsync(Due(Start, "run-a"), Token);
        await Ledger.EnterAsync(Due(Start, null) with { Segments = [skipped], PlannedFrom = Start }, Token);

        await Ledger.RewindAsync(Start.AddHours(1), static row => (row.LastDueAt, row.Count), Token);

        (await Ledger.HistoryAsync("s", 10, Token)).Should().ContainSingle().Which.RunId.Should().Be("run-a");
        (await Ledger.StatesAsync(Token))["s"].LastDueAt.Should().Be(Start);
        (await Ledger.EnteredSinceAsync(Start.AddMinutes(1), Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task See_ScheduleAgain_KeepsTheFirstMoment()
    {
        await Ledger.RecordFirstSeenAsync("s", Start, Token);
        await Ledger.RecordFirstSeenAsync("s", Start.AddHours(1), Token);
        await Ledger.RecordFingerprintAsync("s", "every hour", null, Token);

        var state = (await Ledger.StatesAsync(Token))["s"];
        (state.FirstSeenAt, state.Fingerprint).Should().Be((Start, "every hour"));
    }

    private Task<FireResult?> OutcomeAsync(
        int minute,
        OccurrenceOutcome outcome,
        string reason = "why",
        OccurrenceReasonCode? code = null
    )
    {
        var moment = Start.AddMinutes(minute);
        var segment = new DueSegment(moment, moment, 1, outcome, reason) { ReasonCode = code };
        return Ledger.EnterAsync(
            Due(Start, null) with
            {
                Segments = [segment],
                PlannedFrom = minute == 0 ? null : moment.AddMinutes(-10),
            },
            Token
        );
    }

    private static FireRequest Due(DateTimeOffset moment, string? runId) =>
        new(
            "s",
            moment,
            [new DueSegment(moment, moment, 1, null, null)],
            TaskInteraction.Wait,
            KeepsEach: false,
            runId is null ? null : new RunPlan.Accepted(Queued(runId, "s"), "a test says so")
        );

    private static FireRequest Next(string runId) => Due(Start.AddMinutes(10), runId) with { PlannedFrom = Start };
}
