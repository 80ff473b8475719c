using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>
/// Sums of the time log; of equal ones, that which comes first in the file stands first. Only complete intervals count: a start row with
/// its closing row is one, a row with both times is one.
/// Open intervals and rows that were not understood are in no sum.
/// </summary>
/// <param name="Total">All complete intervals that fit the options.</param>
/// <param name="ByMode">By mode, the most time first.</param>
/// <param name="ByPriority">By priority, the most time first.</param>
/// <param name="ByDay">By day, the latest first.</param>
/// <param name="ByTask">By the task's text, the most time first.</param>
/// <param name="Complete">The latest complete intervals by their end: closing rows and whole intervals.</param>
/// <param name="Open">Start rows without a closing row, the oldest first.</param>
/// <param name="OpenCount">How many are open, beyond those listed.</param>
/// <param name="OverLimit">Complete intervals longer than the limit asked for, the longest first.</param>
/// <param name="OverLimitCount">How many are longer, beyond those listed.</param>
public sealed record TimingReport(
    TimingTotal Total,
    IReadOnlyList<TimingTotal> ByMode,
    IReadOnlyList<TimingTotal> ByPriority,
    IReadOnlyList<TimingTotal> ByDay,
    IReadOnlyList<TimingTotal> ByTask,
    IReadOnlyList<TimingEntry> Complete,
    IReadOnlyList<TimingEntry> Open,
    int OpenCount,
    IReadOnlyList<TimingEntry> OverLimit,
    int OverLimitCount
)
{
    /// <summary>By length, the shortest first; every range is there, those without an interval too.</summary>
    public IReadOnlyList<TimingTotal> ByLength { get; init; } = [];

    /// <summary>Sums up what was read.</summary>
    /// <param name="reading">The log.</param>
    /// <param name="options">What to look at; everything when <see langword="null"/>.</param>
    /// <exception cref="UserErrorException">The limit is not positive, or <c>To</c> is not after <c>From</c>.</exception>
    public static TimingReport Create(TimingReading reading, TimingReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reading);
        options ??= new TimingReportOptions();
        options.Check();

        var starts = new HeldStarts();
        var pairing = new TimingPairing(starts);
        var complete = new List<TimingEntry>();
        foreach (var entry in reading.Entries)
        {
            pairing.Add(entry, out _);
            if (entry.IsComplete && Fits(entry, options))
            {
                complete.Add(entry);
            }
        }

        var open = starts.All.Where(entry => Fits(entry, options)).OrderBy(entry => entry.StartTime).ThenBy(entry => entry.Line).ToList();
        var tooLong = complete
            .Where(entry => entry.DurationSeconds > options.LongerThanSeconds)
            .OrderByDescending(entry => entry.DurationSeconds)
            .ToList();
        return new TimingReport(
            new TimingTotal("", complete.Count, complete.Sum(Seconds)),
            Group(complete, entry => entry.Mode, options.Limit),
            Group(complete, entry => entry.Priority, options.Limit),
            [.. Totals(complete, Day).OrderByDescending(total => total.Key, StringComparer.Ordinal).Take(options.Limit)],
            Group(complete, entry => entry.Task, options.Limit),
            [.. complete.OrderByDescending(entry => entry.EndTime).Take(options.Limit)],
            [.. open.Take(options.Limit)],
            open.Count,
            [.. tooLong.Take(options.Limit)],
            tooLong.Count
        )
        {
            ByLength = Lengths(complete),
        };
    }

    internal static string DayOf(DateTimeOffset start) => start.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static bool Fits(TimingEntry entry, TimingReportOptions options) =>
        (options.Mode is null || string.Equals(entry.Mode, options.Mode, StringComparison.OrdinalIgnoreCase))
        && (options.Priority is null || string.Equals(entry.Priority, options.Priority, StringComparison.OrdinalIgnoreCase))
        && (options.From is null || entry.StartTime >= options.From)
        && (options.To is null || entry.StartTime < options.To);

    private static List<TimingTotal> Group(List<TimingEntry> entries, Func<TimingEntry, string> key, int limit) =>
        [.. Totals(entries, key).OrderByDescending(total => total.Seconds).Take(limit)];

    private static IEnumerable<TimingTotal> Totals(List<TimingEntry> entries, Func<TimingEntry, string> key) =>
        entries.GroupBy(key, StringComparer.Ordinal).Select(group => new TimingTotal(group.Key, group.Count(), group.Sum(Seconds)));

    private static List<TimingTotal> Lengths(List<TimingEntry> entries)
    {
        var byRange = entries.ToLookup(static entry => DurationRanges.IndexOf(Seconds(entry)));
        return
        [
            .. Enumerable
                .Range(0, DurationRanges.Count)
                .Select(range => new TimingTotal(DurationRanges.Label(range), byRange[range].Count(), byRange[range].Sum(Seconds))),
        ];
    }

    private static string Day(TimingEntry entry) => entry.StartTime is { } start ? DayOf(start) : "";

    private static long Seconds(TimingEntry entry) => entry.DurationSeconds ?? 0;
}
