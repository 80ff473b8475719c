using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>When a schedule will be due, several moments ahead. Pure.</summary>
internal static class UpcomingMoments
{
    /// <param name="schedule">The schedule; whether it is active or paused is not considered.</param>
    /// <param name="state">What the ledger knows of it.</param>
    /// <param name="now">The moment from which on it is looked.</param>
    /// <param name="most">How many at the most.</param>
    public static IReadOnlyList<DateTimeOffset> Of(Schedule schedule, ScheduleState state, DateTimeOffset now, int most)
    {
        var moments = new List<DateTimeOffset>();
        var known = state.WithFingerprint(schedule, now);
        for (
            var next = NextDue.Of(schedule, known, now);
            next is { } moment && moments.Count < most;
            next = NextOccurrence.Next(schedule, moment, known.Reference(schedule) ?? moments[0])
        )
        {
            moments.Add(moment);
        }

        return moments;
    }
}
