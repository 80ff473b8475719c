using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Tests.Alarms;

public sealed class SkipStreakTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_RowsLeftOutInARow_AreSummedUpFromTheLatestOtherOneOn()
    {
        SkipStreak
            .Of([
                Row(9, OccurrenceOutcome.Skipped, "late", count: 2),
                Row(8, OccurrenceOutcome.Skipped, "first"),
                Row(7, OccurrenceOutcome.Started),
            ])
            .Should()
            .Be(new SkipStreak(3, Start.AddMinutes(8), Start.AddMinutes(9), "late"));
    }

    [Theory]
    [InlineData(OccurrenceReasonCode.Paused)]
    [InlineData(OccurrenceReasonCode.CheckSaidNo)]
    public void Of_WhatWasMeantToBeLeftOut_EndsIt(OccurrenceReasonCode code)
    {
        var meant = Row(9, OccurrenceOutcome.Skipped) with { ReasonCode = code };

        SkipStreak.Of([meant, Row(8, OccurrenceOutcome.Skipped)]).Should().BeNull();
        SkipStreak.Of([Row(10, OccurrenceOutcome.Skipped), meant, Row(8, OccurrenceOutcome.Skipped)])!.Count.Should().Be(1);
    }

    [Fact]
    public void Of_WhatWaits_IsPassedOver() => SkipStreak.Of([Row(9, null), Row(8, OccurrenceOutcome.Skipped)])!.Count.Should().Be(1);

    [Fact]
    public void Of_ACheckThatCannotStart_Counts() =>
        SkipStreak.Of([Row(9, OccurrenceOutcome.Skipped) with { ReasonCode = OccurrenceReasonCode.CheckNotStarted }])!.Count.Should().Be(1);

    [Theory]
    [InlineData(OccurrenceOutcome.Started)]
    [InlineData(OccurrenceOutcome.Missed)]
    [InlineData(OccurrenceOutcome.Coalesced)]
    public void Of_AnotherOutcome_IsNone(OccurrenceOutcome outcome) =>
        SkipStreak.Of([Row(9, outcome), Row(8, OccurrenceOutcome.Skipped)]).Should().BeNull();

    private static Occurrence Row(int minute, OccurrenceOutcome? outcome, string reason = "why", long count = 1) =>
        new("s", Start.AddMinutes(minute), Start.AddMinutes(minute), count, outcome, reason, RunId: null, DecidedAt: Start);
}
