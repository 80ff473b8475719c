using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What the ledger knows of a schedule; none of it is ever written into <c>schedules.json</c>.</summary>
/// <param name="LastDueAt">The last due moment with an entry in the ledger.</param>
/// <param name="PausedAt">Since when it is paused.</param>
/// <param name="PausedReason">Why.</param>
/// <param name="ResumedAt">When a pause last ended: due moments up to then were paused.</param>
public sealed record ScheduleState(DateTimeOffset? LastDueAt, DateTimeOffset? PausedAt, string? PausedReason, DateTimeOffset? ResumedAt)
{
    /// <summary>The id under which a pause of all schedules is kept.</summary>
    public const string AllSchedules = "*";

    /// <summary>When a schedule that never ran was first seen active: its first due moment counts from here.</summary>
    public DateTimeOffset? FirstSeenAt { get; init; }

    /// <summary>When its pause ends by itself; <see langword="null"/> for one that lasts until somebody ends it.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>What kind of cause its pause has; <see langword="null"/> where that was not kept, and where there is none.</summary>
    internal PausedBy? PausedBy { get; init; }

    /// <summary>The timing under which it was seen last; see <see cref="ScheduleTiming"/>.</summary>
    internal string? Fingerprint { get; init; }

    /// <summary>Since when that timing is in force, where it came in the place of another: due moments count from here.</summary>
    public DateTimeOffset? CountsFrom { get; init; }

    /// <summary>
    /// The state in which a schedule counts as it stands in the file now: one whose timing is not the one seen last counts from
    /// <paramref name="now"/>, because nobody could have fired it before.
    /// </summary>
    internal ScheduleState WithFingerprint(Schedule schedule, DateTimeOffset now) =>
        Fingerprint is null || Fingerprint == ScheduleTiming.Of(schedule)
            ? this
            : this with
            {
                Fingerprint = ScheduleTiming.Of(schedule),
                CountsFrom = now,
                FirstSeenAt = now,
            };

    /// <summary>
    /// The moment that a schedule's grid goes through and from which on it is due; <see langword="null"/> before its first occurrence.
    /// </summary>
    internal DateTimeOffset? Reference(Schedule schedule) =>
        (LastDueAt ?? schedule.LastExecutionTime) is { } last ? (CountsFrom > last ? CountsFrom : last) : null;

    /// <summary>A schedule that the ledger has never heard of.</summary>
    public static ScheduleState Unknown { get; } = new(null, null, null, null);
}
