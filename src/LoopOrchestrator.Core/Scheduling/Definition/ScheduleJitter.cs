namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// How long an occurrence is put off: by chance, but always the same for one occurrence, so that every process and every restart
/// comes to the same moment. Pure.
/// </summary>
internal static class ScheduleJitter
{
    /// <summary>
    /// The moment at which an occurrence fires: its due moment without jitter, else up to that much later, and always before the next due
    /// moment.
    /// </summary>
    public static DateTimeOffset FiringMoment(Schedule schedule, DateTimeOffset due)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        if (schedule.Jitter is not { } jitter || jitter <= TimeSpan.Zero)
        {
            return due;
        }

        var room = NextOccurrence.Next(schedule, due, due) is { } next && next - due < jitter ? next - due : jitter;
        return due + TimeSpan.FromMilliseconds(Math.Floor(Fraction(schedule.Id, due) * room.TotalMilliseconds));
    }

    /// <summary>From 0 to below 1: FNV-1a over the id and the moment, then mixed so that neighbours differ in all bits.</summary>
    private static double Fraction(string id, DateTimeOffset due)
    {
        var hash = 14695981039346656037UL;
        foreach (var c in id)
        {
            hash = unchecked((hash ^ c) * 1099511628211UL);
        }

        hash = unchecked((hash ^ (ulong)due.ToUnixTimeMilliseconds()) * 1099511628211UL);
        hash = unchecked((hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL);
        hash = unchecked((hash ^ (hash >> 27)) * 0x94D049BB133111EBUL);
        return ((hash ^ (hash >> 31)) >> 11) / (double)(1UL << 53);
    }
}
