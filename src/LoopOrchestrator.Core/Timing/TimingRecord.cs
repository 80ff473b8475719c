using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing;

/// <summary>A whole interval that is already over.</summary>
/// <param name="Task">What was worked on; not blank.</param>
/// <param name="Mode">Any slug: letters, digits and hyphens.</param>
/// <param name="StartTime">When it began.</param>
/// <param name="EndTime">When it ended; not before <paramref name="StartTime"/>.</param>
/// <param name="TaskId">Its id; made up when not given. An id with an open start is refused.</param>
/// <param name="Priority">One of <see cref="TimingPriority"/>.</param>
/// <param name="Result">What came of it; <c>completed</c> when not given.</param>
public sealed record TimingRecord(
    string Task,
    string Mode,
    DateTimeOffset StartTime,
    DateTimeOffset EndTime,
    string? TaskId = null,
    string Priority = TimingPriority.Normal,
    string? Result = null
)
{
    /// <summary>When its caller asked for it, which its row says then as the moment of its writing; now when not given.</summary>
    internal DateTimeOffset? AskedAt { get; init; }
}
