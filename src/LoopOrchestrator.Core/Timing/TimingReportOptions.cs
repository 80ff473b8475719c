namespace LoopOrchestrator.Core.Timing;

/// <summary>What a <see cref="TimingReport"/> looks at.</summary>
public sealed record TimingReportOptions
{
    /// <summary>Only this mode; every mode when <see langword="null"/>.</summary>
    public string? Mode { get; init; }

    /// <summary>Only this priority; every priority when <see langword="null"/>. The empty text selects rows without one.</summary>
    public string? Priority { get; init; }

    /// <summary>Only intervals that began at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only intervals that began before this moment.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>The length in seconds above which an interval is listed as long; 3,600.</summary>
    public long LongerThanSeconds { get; init; } = 3600;

    /// <summary>How many intervals, open intervals and groups of each kind are listed at most; 100. Totals count everything.</summary>
    public int Limit { get; init; } = 100;
}
