using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Timing.Reports;

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

    /// <exception cref="UserErrorException">The limit is not positive, or <see cref="To"/> is not after <see cref="From"/>.</exception>
    internal void Check()
    {
        if (Limit < 1)
        {
            throw new UserErrorException($"limit is {Limit}; it must be at least 1.");
        }

        if (To <= From)
        {
            throw new UserErrorException($"to ({To:O}) must be after from ({From:O}).");
        }
    }
}
