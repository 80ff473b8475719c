using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>Which runs to list.</summary>
public sealed record RunFilter
{
    /// <summary>Only runs in this state.</summary>
    public RunState? State { get; init; }

    /// <summary>Only runs of this schedule.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>Only runs in this mode.</summary>
    public string? Mode { get; init; }

    /// <summary>Only runs that were started by this.</summary>
    public RunOrigin? Origin { get; init; }

    /// <summary>Only runs that were asked for at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only runs that were asked for before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>At most this many; 1 to 200, 20 by default.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>Only runs older than this one: the last of the page before.</summary>
    public RunPosition? Before { get; init; }
}
