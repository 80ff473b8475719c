using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>When schedules are due next. Pure.</summary>
internal static class NextDue
{
    /// <summary>
    /// When a schedule is due next, given what the ledger knows of it; an occurrence that its jitter still puts off is the next one.
    /// </summary>
    public static DateTimeOffset? Of(Schedule schedule, ScheduleState state, DateTimeOffset now) =>
        MisfirePlan.PutOff(schedule, state, now)
        ?? (
            state.Reference(schedule) is { } reference ? NextOccurrence.Next(schedule, reference > now ? reference : now, reference)
            : NextOccurrence.First(schedule, state.FirstSeenAt ?? now) is { } first && first > now ? first
            : NextOccurrence.First(schedule, now)
        );
}
