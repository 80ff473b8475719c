using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Status;

/// <summary>Where a schedule stands.</summary>
/// <param name="Schedule">The schedule as its file says.</param>
/// <param name="NextOccurrence">When it is due next; <see langword="null"/> when it is inactive or never again.</param>
/// <param name="Last">Its newest row in the ledger.</param>
/// <param name="LastRun">The latest run that it was given: what became of its work.</param>
/// <param name="Paused">Why it is paused, and since when; <see langword="null"/> when it is not.</param>
/// <param name="OverdueSince">A due moment that got no outcome in time; <see langword="null"/> when all is well.</param>
public sealed record ScheduleStatus(
    Schedule Schedule,
    DateTimeOffset? NextOccurrence,
    Occurrence? Last,
    Run? LastRun,
    string? Paused,
    DateTimeOffset? OverdueSince
)
{
    /// <summary>How many due moments got no outcome in time; <see cref="MaxMissing"/> for that many or more.</summary>
    public long MissingCount { get; init; }

    /// <summary>What was left out of it in a row without being meant to; <see langword="null"/> for nothing.</summary>
    public SkipStreak? Skips { get; init; }

    /// <summary>How far missing moments of one schedule are counted.</summary>
    internal const int MaxMissing = 1000;

    /// <summary>Why it does not run at this moment; <see langword="null"/> while its work goes on.</summary>
    public WhyNot? WhyNot { get; init; }

    /// <summary>Whether it is stopped until an escalation is resolved: it can be neither resumed nor triggered before.</summary>
    public bool IsEscalated => Pause is { By: PausedBy.Escalation, IsOfAll: false };

    /// <summary>The pause that it is in.</summary>
    internal SchedulePause? Pause { get; init; }
}
