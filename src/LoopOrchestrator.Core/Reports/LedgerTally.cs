using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Reports;

/// <summary>What became of due moments, summed up from their slots. Pure.</summary>
internal static class LedgerTally
{
    /// <summary>The sums by schedule and in all.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="missing">How many moments of each schedule nothing has ever entered; empty where the period is over.</param>
    public static ReportLedger Sum(IReadOnlyList<OccurrenceSlot> slots, IReadOnlyDictionary<string, long> missing)
    {
        ArgumentNullException.ThrowIfNull(slots);
        ArgumentNullException.ThrowIfNull(missing);
        var schedules = slots
            .Select(static slot => slot.ScheduleId)
            .Concat(missing.Where(static one => one.Value > 0).Select(static one => one.Key))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToDictionary(static id => id, id => new ReportDue(id) { Missing = missing.GetValueOrDefault(id) }, StringComparer.Ordinal);
        foreach (var slot in slots)
        {
            schedules[slot.ScheduleId] = Add(schedules[slot.ScheduleId], slot);
        }

        return new ReportLedger(
            schedules.Values.Aggregate(new ReportDue(""), static (sum, one) =>
                sum with
                {
                    Fired = sum.Fired + one.Fired,
                    Failed = sum.Failed + one.Failed,
                    Skipped = sum.Skipped + one.Skipped,
                    Missed = sum.Missed + one.Missed,
                    Waiting = sum.Waiting + one.Waiting,
                    Missing = sum.Missing + one.Missing,
                }
            ),
            [.. schedules.Values]
        );
    }

    /// <summary>The slots by days, each day of the period once, the earliest first.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="from">Where the period begins.</param>
    /// <param name="to">The moment before which it ends.</param>
    public static IReadOnlyList<SlotDay> Days(IReadOnlyList<OccurrenceSlot> slots, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(slots);
        var byDay = slots.ToLookup(static slot => DateOnly.FromDateTime(slot.At.UtcDateTime));
        var last = DateOnly.FromDateTime(to.UtcDateTime.AddTicks(-1));
        var days = new List<SlotDay>();
        for (var day = DateOnly.FromDateTime(from.UtcDateTime); day <= last; day = day.AddDays(1))
        {
            days.Add(
                new SlotDay(
                    day,
                    [.. byDay[day].Select(static slot => new Slot(TimeOnly.FromDateTime(slot.At.UtcDateTime), State(slot), slot.Count))]
                )
            );
        }

        return days;
    }

    private static SlotState State(OccurrenceSlot slot) =>
        slot.Outcome switch
        {
            null => SlotState.Waiting,
            OccurrenceOutcome.Missed => SlotState.Missed,
            OccurrenceOutcome.Skipped or OccurrenceOutcome.Coalesced => SlotState.Skipped,
            _ when slot.RunState is { } state && RunTally.EndedBadly(state) => SlotState.Failed,
            _ when slot.RunState is RunState.Queued or RunState.Running => SlotState.Running,
            _ => SlotState.Fired,
        };

    private static ReportDue Add(ReportDue sum, OccurrenceSlot slot) =>
        State(slot) switch
        {
            SlotState.Waiting => sum with { Waiting = sum.Waiting + slot.Count },
            SlotState.Missed => sum with { Missed = sum.Missed + slot.Count },
            SlotState.Skipped => sum with { Skipped = sum.Skipped + slot.Count },
            SlotState.Failed => sum with { Failed = sum.Failed + slot.Count },
            _ => sum with { Fired = sum.Fired + slot.Count },
        };
}
