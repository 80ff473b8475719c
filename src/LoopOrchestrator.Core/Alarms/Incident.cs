namespace LoopOrchestrator.Core.Alarms;

/// <summary>Something that went wrong, from its first sign to its last: told once, its repeats counted, its end told once.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Reason">What was wrong the last time it was looked at.</param>
/// <param name="Since">When it was first seen.</param>
/// <param name="LastAt">When it was last seen to repeat.</param>
/// <param name="Count">How often it happened.</param>
/// <param name="EndedAt">When it was over; <see langword="null"/> while it goes on.</param>
public sealed record Incident(
    long Id,
    IncidentKind Kind,
    string Subject,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset LastAt,
    long Count,
    DateTimeOffset? EndedAt
)
{
    /// <summary>How many there were of it when it was last looked at.</summary>
    internal long Level { get; init; }
}
