using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing;

/// <summary>The beginning of an interval.</summary>
/// <param name="Task">What is worked on; not blank. Tabs, line breaks and control characters are kept.</param>
/// <param name="Mode">Any slug: letters, digits and hyphens.</param>
/// <param name="TaskId">The id of the interval; eight hexadecimal digits are made up when it is not given.</param>
/// <param name="Priority">One of <see cref="TimingPriority"/>.</param>
public sealed record TimingStart(string Task, string Mode, string? TaskId = null, string Priority = TimingPriority.Normal)
{
    /// <summary>When its caller asked for it, which its row says then as the moment of its writing; now when not given.</summary>
    internal DateTimeOffset? AskedAt { get; init; }
}
