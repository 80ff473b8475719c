using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>What rows are wanted, in the numbers of the index.</summary>
/// <param name="Modes">Numbers of modes; all when <see langword="null"/>.</param>
/// <param name="Priorities">Numbers of priorities; all when <see langword="null"/>.</param>
/// <param name="From">Earliest start, in UTC ticks.</param>
/// <param name="To">The start before which they began, in UTC ticks.</param>
/// <param name="Task">Exactly this task; for open starts only.</param>
/// <param name="WithId">Passes over starts without an id.</param>
internal sealed record TimingFilter(
    IReadOnlyCollection<int>? Modes = null,
    IReadOnlyCollection<int>? Priorities = null,
    long From = 0,
    long To = long.MaxValue,
    string? Task = null,
    bool WithId = false
)
{
    /// <summary>What the options of a report select.</summary>
    public static TimingFilter Of(TimingReportOptions options, NumberedNames modes, NumberedNames priorities) =>
        new(
            Numbers(modes, options.Mode),
            Numbers(priorities, options.Priority),
            options.From?.UtcTicks ?? 0,
            options.To?.UtcTicks ?? long.MaxValue
        );

    private static HashSet<int>? Numbers(NumberedNames names, string? wanted) =>
        wanted is null
            ? null
            : names
                .All.Index()
                .Where(name => string.Equals(name.Item, wanted, StringComparison.OrdinalIgnoreCase))
                .Select(static name => name.Index)
                .ToHashSet();
}
