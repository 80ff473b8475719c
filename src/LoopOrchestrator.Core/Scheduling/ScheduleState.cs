namespace LoopOrchestrator.Core.Scheduling;

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
    public DateTimeOffset? SeenAt { get; init; }

    /// <summary>When its pause ends by itself; <see langword="null"/> for one that lasts until somebody ends it.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>A schedule that the ledger has never heard of.</summary>
    public static ScheduleState Unknown { get; } = new(null, null, null, null);
}
