using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using static LoopOrchestrator.Core.Tests.Scheduling.TestSchedules;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>A schedule of every ten minutes whose last entry in the ledger is that of midnight.</summary>
public sealed class MisfirePlanTests
{
    private const string Coalesced = "nothing could fire it at its moment; the occurrence of 2026-03-02T{0}:00Z makes up for it";
    private const string Skip = "nothing could fire it at its moment, and misfire is skip";

    private static readonly Schedule TenMinutes = Every(10, Core.Scheduling.Calendar.TimeUnit.Minute);
    private static readonly ScheduleState AtMidnight = ScheduleState.Unknown with { LastDueAt = Clock("00:00:00") };

    // The moment of the decision, and what becomes of the due moments since midnight.
    public static TheoryData<string, string, string[]> Policies =>
        new()
        {
            { "once", "00:09:59", [] },
            { "once", "00:10:00", ["fires 00:10"] },
            { "once", "00:25:00", [$"Coalesced 00:10-00:10 (1): {Of(Coalesced, "00:20")}", "fires 00:20"] },
            { "once", "00:35:00", [$"Coalesced 00:10-00:20 (2): {Of(Coalesced, "00:30")}", "fires 00:30"] },
            { "skip", "00:11:00", ["fires 00:10"] },
            { "skip", "00:11:01", [$"Missed 00:10-00:10 (1): {Skip}"] },
            { "skip", "00:20:30", [$"Missed 00:10-00:10 (1): {Skip}", "fires 00:20"] },
            { "skip", "00:35:00", [$"Missed 00:10-00:30 (3): {Skip}"] },
            { "all", "00:09:59", [] },
            { "all", "00:30:00", ["fires 00:10", "fires 00:20", "fires 00:30"] },
            {
                "all",
                "00:50:00",
                [
                    "Missed 00:10-00:20 (2): nothing could fire it at its moment, and misfire makes up for the latest 3 only",
                    "fires 00:30",
                    "fires 00:40",
                    "fires 00:50",
                ]
            },
        };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Create_MomentsThatPassed_FareAsThePolicySays(string misfire, string now, string[] fates) =>
        Fates(TenMinutes with { Misfire = Enum.Parse<MisfirePolicy>(misfire, ignoreCase: true), MisfireLimit = 3 }, AtMidnight, now)
            .Should()
            .Equal(fates);

    // Which of the moments that are fired make up for one that was missed, with a 1.
    [Theory]
    [InlineData("once", "00:10:20", "0")]
    [InlineData("once", "00:12:00", "1")]
    [InlineData("once", "00:30:20", "1")]
    [InlineData("skip", "00:20:30", "0")]
    [InlineData("all", "00:30:20", "110")]
    public void Create_MomentThatIsFiredLate_IsACatchUp(string misfire, string now, string isCatchUp) =>
        string.Concat(
                MisfirePlan
                    .Create(
                        TenMinutes with
                        {
                            Misfire = Enum.Parse<MisfirePolicy>(misfire, ignoreCase: true),
                            MisfireLimit = 3,
                        },
                        AtMidnight,
                        ScheduleState.Unknown,
                        Clock(now)
                    )
                    .Where(static segment => segment.Outcome is null)
                    .Select(static segment => segment.IsCatchUp ? 1 : 0)
            )
            .Should()
            .Be(isCatchUp);

    // Nobody fired for some hours around a change of the clocks: each moment has one fate, and it is the moment that fires by itself.
    [Theory]
    [InlineData("Europe/Dublin", "30 1 * * *", "once", "2027-03-27T01:30Z", "2027-03-28T01:00:30Z", "fires 03-28T01:00")]
    [InlineData("Europe/Dublin", "30 1 * * *", "skip", "2027-03-27T01:30Z", "2027-03-28T05:00Z", "Missed 03-28T01:00-03-28T01:00 (1)")]
    [InlineData("Europe/Dublin", "30 1 * * *", "all", "2027-03-28T01:00Z", "2027-03-28T09:00Z")]
    [InlineData(
        "Europe/Dublin",
        "0 * * * *",
        "once",
        "2027-03-27T23:00Z",
        "2027-03-28T02:10Z",
        "Coalesced 03-28T00:00-03-28T01:00 (2)",
        "fires 03-28T02:00"
    )]
    [InlineData("Europe/Dublin", "0 * * * *", "all", "2026-10-25T00:00Z", "2026-10-25T02:00Z", "fires 10-25T01:00", "fires 10-25T02:00")]
    [InlineData("Europe/Dublin", "0 * * * *", "skip", "2026-10-24T23:00Z", "2026-10-25T02:30Z", "Missed 10-25T00:00-10-25T02:00 (3)")]
    [InlineData("Europe/Berlin", "30 2 29 3 *", "once", "2025-03-29T01:30Z", "2026-03-29T01:00Z", "fires 03-29T01:00")]
    [InlineData("Europe/Berlin", "30 2 29 3 *", "all", "2025-03-29T01:30Z", "2026-03-30T00:00Z", "fires 03-29T01:00")]
    [InlineData("Europe/Berlin", "30 2 29 3 *", "skip", "2026-03-29T01:00Z", "2026-12-01T00:00Z")]
    [InlineData("Africa/Cairo", "30 0 24 4 *", "once", "2025-04-23T22:30Z", "2026-04-24T00:00Z", "fires 04-23T22:00")]
    [InlineData("Africa/Cairo", "30 0 24 4 *", "once", "2026-04-23T22:00Z", "2026-05-01T00:00Z")]
    [InlineData("Australia/Lord_Howe", "15 2 * * *", "all", "2026-10-02T15:45Z", "2026-10-03T15:30Z", "fires 10-03T15:30")]
    [InlineData("America/Nuuk", "30 23 * * *", "skip", "2027-03-27T01:30Z", "2027-03-28T01:00:20Z", "fires 03-28T01:00")]
    public void Create_AroundAChangeOfTheClocks_GivesEachMomentOneFate(
        string zone,
        string rule,
        string misfire,
        string last,
        string now,
        params string[] fates
    )
    {
        var schedule = Cron(rule, zone) with { Misfire = Enum.Parse<MisfirePolicy>(misfire, ignoreCase: true) };
        var state = ScheduleState.Unknown with { LastDueAt = At(last) };

        MisfirePlan
            .Create(schedule, state, ScheduleState.Unknown, At(now))
            .Select(static segment =>
                segment.Outcome is { } outcome
                    ? $"{outcome} {segment.First:MM-ddTHH:mm}-{segment.Last:MM-ddTHH:mm} ({segment.Count})"
                    : $"fires {segment.First:MM-ddTHH:mm}"
            )
            .Should()
            .Equal(fates);
        var open = MisfirePlan.FirstWithoutEntry(schedule, state, At(now));
        open.HasValue.Should().Be(fates.Length > 0);
        NextDue.Of(schedule, state, At(now)).Should().BeAfter(At(now));
    }

    // A limit of lateness holds for every policy, and its last moment is within it.
    [Theory]
    [InlineData("once", "00:15:00", "fires 00:10")]
    [InlineData("once", "00:15:01", "Missed 00:10-00:10 (1): nothing could fire it within its maxLateness of 00:05:00")]
    [InlineData("skip", "00:19:00", "Missed 00:10-00:10 (1): nothing could fire it within its maxLateness of 00:05:00")]
    [InlineData("all", "00:15:00", "fires 00:10")]
    [InlineData("all", "00:25:00", "Missed 00:10-00:10 (1): nothing could fire it within its maxLateness of 00:05:00", "fires 00:20")]
    [InlineData("all", "00:29:00", "Missed 00:10-00:20 (2): nothing could fire it within its maxLateness of 00:05:00")]
    public void Create_LaterThanMaxLateness_IsMissed(string misfire, string now, params string[] fates) =>
        Fates(
                TenMinutes with
                {
                    Misfire = Enum.Parse<MisfirePolicy>(misfire, ignoreCase: true),
                    MaxLateness = TimeSpan.FromMinutes(5),
                },
                AtMidnight,
                now
            )
            .Should()
            .Equal(fates);

    [Fact]
    public void Create_AllWithinMaxLateness_FiresThoseOfItsLastMoment() =>
        Fates(TenMinutes with { Misfire = MisfirePolicy.All, MaxLateness = TimeSpan.FromMinutes(15) }, AtMidnight, "00:35:00")
            .Should()
            .Equal("Missed 00:10-00:10 (1): nothing could fire it within its maxLateness of 00:15:00", "fires 00:20", "fires 00:30");

    // Since when the schedule and all schedules are paused, at a quarter past midnight or later.
    [Theory]
    [InlineData("00:05:00", null, "00:25:00", "Skipped 00:10-00:20 (2): paused since 2026-03-02T00:05:00Z: its own")]
    [InlineData(null, "00:06:00", "00:25:00", "Skipped 00:10-00:20 (2): paused since 2026-03-02T00:06:00Z: of all")]
    [InlineData("00:05:00", "00:04:00", "00:25:00", "Skipped 00:10-00:20 (2): paused since 2026-03-02T00:05:00Z: its own")]
    [InlineData("00:05:00", null, "00:10:00", "Skipped 00:10-00:10 (1): paused since 2026-03-02T00:05:00Z: its own")]
    [InlineData("00:05:00", null, "00:09:00")]
    public void Create_Paused_SkipsAllWithTheReasonOfThePause(string? own, string? all, string now, params string[] fates) =>
        Fates(
                TenMinutes,
                AtMidnight with
                {
                    PausedAt = Moment(own),
                    PausedReason = "its own",
                },
                now,
                ScheduleState.Unknown with
                {
                    PausedAt = Moment(all),
                    PausedReason = "of all",
                }
            )
            .Should()
            .Equal(fates);

    // When the pause of the schedule and that of all schedules ended: the later one counts, and what was due until then was paused.
    [Theory]
    [InlineData("00:15:00", null, "Skipped 00:10-00:10 (1): the schedule was paused", "fires 00:20")]
    [InlineData(null, "00:15:00", "Skipped 00:10-00:10 (1): the schedule was paused", "fires 00:20")]
    [InlineData("00:20:00", "00:15:00", "Skipped 00:10-00:20 (2): the schedule was paused")]
    [InlineData("00:15:00", "00:20:00", "Skipped 00:10-00:20 (2): the schedule was paused")]
    [InlineData("00:22:00", null, "Skipped 00:10-00:20 (2): the schedule was paused")]
    [InlineData(
        "00:00:00",
        null,
        "Coalesced 00:10-00:10 (1): nothing could fire it at its moment; the occurrence of 2026-03-02T00:20:00Z makes up for it",
        "fires 00:20"
    )]
    public void Create_PauseThatEnded_SkipsWhatWasDueUntilThen(string? own, string? all, params string[] fates) =>
        Fates(TenMinutes, AtMidnight with { ResumedAt = Moment(own) }, "00:25:00", ScheduleState.Unknown with { ResumedAt = Moment(all) })
            .Should()
            .Equal(fates);

    // Without an entry it counts from when it was first seen, and where that is not known from now.
    [Theory]
    [InlineData(null, "00:00:00", "00:29:59")]
    [InlineData(null, "00:00:00", "00:30:00", "fires 00:30")]
    [InlineData(
        null,
        "00:00:00",
        "01:31:00",
        "Coalesced 00:30-00:30 (1): nothing could fire it at its moment; the occurrence of 2026-03-02T01:30:00Z makes up for it",
        "fires 01:30"
    )]
    [InlineData(
        10,
        "00:00:00",
        "00:25:00",
        "Coalesced 00:00-00:10 (2): nothing could fire it at its moment; the occurrence of 2026-03-02T00:20:00Z makes up for it",
        "fires 00:20"
    )]
    [InlineData(10, null, "00:25:00", "fires 00:25")]
    [InlineData(null, null, "00:30:00", "fires 00:30")]
    [InlineData(null, null, "00:31:00")]
    public void Create_ScheduleThatNeverRan_CountsFromWhenItWasSeen(int? minutes, string? seen, string now, params string[] fates) =>
        Fates(minutes is null ? Cron("30 * * * *") : TenMinutes, ScheduleState.Unknown with { FirstSeenAt = Moment(seen) }, now)
            .Should()
            .Equal(fates);

    [Fact]
    public void Create_Jitter_FiresAtItsMomentAndIsLateFromThereOn()
    {
        var schedule = TenMinutes with { Jitter = TimeSpan.FromMinutes(5), MaxLateness = TimeSpan.FromMinutes(2) };
        var fires = ScheduleJitter.FiringMoment(schedule, Clock("00:10:00"));

        fires.Should().BeAfter(Clock("00:10:00"));
        Fates(schedule, AtMidnight, fires.AddTicks(-1)).Should().BeEmpty();
        Fates(schedule, AtMidnight, fires).Should().Equal("fires 00:10");
        Fates(schedule, AtMidnight, fires.AddMinutes(2)).Should().Equal("fires 00:10");
        Fates(schedule, AtMidnight, fires.AddMinutes(2).AddTicks(1))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("Missed 00:10-00:10 (1)");
        Fates(schedule with { Misfire = MisfirePolicy.All }, AtMidnight, fires.AddMinutes(2)).Should().Equal("fires 00:10");
        Fates(schedule with { Misfire = MisfirePolicy.Skip }, AtMidnight, fires + MisfirePlan.Threshold).Should().Equal("fires 00:10");
    }

    [Fact]
    public void Create_LastOnePutOff_FiresTheOneBefore()
    {
        var schedule = TenMinutes with { Jitter = TimeSpan.FromMinutes(5) };
        var before = ScheduleJitter.FiringMoment(schedule, Clock("00:20:00")).AddTicks(-1);

        Fates(schedule, AtMidnight, before).Should().Equal("fires 00:10");
        Fates(schedule, AtMidnight, before.AddTicks(1))
            .Should()
            .Equal($"Coalesced 00:10-00:10 (1): {Of(Coalesced, "00:20")}", "fires 00:20");
    }

    [Fact]
    public void PutOff_DueAndItsJitterNotOver_IsThatOccurrence()
    {
        var schedule = TenMinutes with { Jitter = TimeSpan.FromMinutes(5) };
        var fires = ScheduleJitter.FiringMoment(schedule, Clock("00:10:00"));

        MisfirePlan.PutOff(schedule, AtMidnight, Clock("00:09:59")).Should().BeNull("nothing is due");
        MisfirePlan.PutOff(schedule, AtMidnight, Clock("00:10:00")).Should().Be(Clock("00:10:00"));
        MisfirePlan.PutOff(schedule, AtMidnight, fires.AddTicks(-1)).Should().Be(Clock("00:10:00"));
        MisfirePlan.PutOff(schedule, AtMidnight, fires).Should().BeNull("it fires");
        MisfirePlan.PutOff(TenMinutes, AtMidnight, Clock("00:10:00")).Should().BeNull("nothing puts it off");
        MisfirePlan
            .PutOff(schedule, ScheduleState.Unknown with { FirstSeenAt = Clock("00:10:00") }, Clock("00:09:00"))
            .Should()
            .BeNull("it has no line yet");
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(365 * 24 * 60, 1000)]
    public void CountWithoutEntry_CronOfEachMinute_IsNotCountedFurtherThanItsLimit(int minutes, int expected)
    {
        var start = At("2026-03-02T00:00Z");
        var state = ScheduleState.Unknown with { LastDueAt = start };

        MisfirePlan.CountWithoutEntry(Cron("* * * * *"), state, start.AddMinutes(minutes), limit: 1000).Should().Be(expected);
    }

    [Theory]
    [InlineData("00:09:59", null)]
    [InlineData("00:10:00", "00:10:00")]
    [InlineData("00:35:00", "00:10:00")]
    public void FirstWithoutEntry_UpToNow_IsTheEarliest(string now, string? first) =>
        MisfirePlan.FirstWithoutEntry(TenMinutes, AtMidnight, Clock(now)).Should().Be(Moment(first));

    private static List<string> Fates(Schedule schedule, ScheduleState state, string now, ScheduleState? all = null) =>
        Fates(schedule, state, Clock(now), all);

    private static List<string> Fates(Schedule schedule, ScheduleState state, DateTimeOffset now, ScheduleState? all = null) =>
        [
            .. MisfirePlan
                .Create(schedule, state, all ?? ScheduleState.Unknown, now)
                .Select(static segment =>
                    segment.Outcome is { } outcome
                        ? $"{outcome} {segment.First:HH:mm}-{segment.Last:HH:mm} ({segment.Count}): {segment.Reason}"
                        : $"fires {segment.First:HH:mm}"
                            + $"{(segment is { Count: 1, Reason: null } && segment.First == segment.Last ? "" : " oddly")}"
                ),
        ];

    private static string Of(string reason, string moment) => reason.Replace("{0}", moment, StringComparison.Ordinal);

    private static DateTimeOffset Clock(string time) => At($"2026-03-02T{time}Z");

    private static DateTimeOffset? Moment(string? time) => time is null ? null : Clock(time);
}
